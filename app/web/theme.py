"""Our look as tokens: names here, values in assets/tandem.css, once for light and once for dark. Imports no Reflex."""

COLORS = (
    "canvas",  # the page
    "surface",  # lanes, bars
    "raised",  # cards, menus, dialogs
    "hover",
    "line",
    "strong-line",
    "ink",
    "muted",
    "faint",
    "accent",
    "accent-ink",
    "accent-soft",
    "danger",
    "danger-soft",
    "good",
    "warn",
)

TAILWIND = {
    "darkMode": "class",
    "content": ["./app/**/*.{js,ts,jsx,tsx}", "./utils/**/*.{js,ts,jsx,tsx}", "./components/**/*.{js,ts,jsx,tsx}"],
    "theme": {
        "extend": {
            "colors": {name: f"var(--{name})" for name in COLORS},
            "boxShadow": {"card": "var(--shadow-card)", "float": "var(--shadow-float)"},
            "fontSize": {"2xs": ["0.6875rem", "1rem"]},
        }
    },
}
