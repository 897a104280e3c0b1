"""Parts of the address that the browser shows, as Vars that change with it at once, without asking the server."""

import reflex as rx
from reflex.vars import StringVar, VarData


def path_part(name: str) -> StringVar:
    """A part of the route, such as `board` of /b/[board]; empty on other routes."""
    hooks = VarData(imports={"react-router": ["useParams"]}, hooks={"const routeParams = useParams();": None})
    return rx.Var(f'(routeParams?.["{name}"] ?? "")', _var_type=str, _var_data=hooks).to(str)


def query_part(name: str) -> StringVar:
    """A parameter behind the question mark; empty when it is missing."""
    hooks = VarData(
        imports={"react-router": ["useSearchParams"]}, hooks={"const [searchParams] = useSearchParams();": None}
    )
    return rx.Var(f'(searchParams.get("{name}") ?? "")', _var_type=str, _var_data=hooks).to(str)


def encoded(text: rx.Var[str]) -> rx.Var[str]:
    """The text as a part of an address."""
    return rx.Var(f"encodeURIComponent({text!s})", _var_data=text._get_all_var_data()).to(str)
