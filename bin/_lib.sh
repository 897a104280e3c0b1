# Sourced by the scripts beside it: changes to the project's folder and gives them these functions.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "$*" >&2
    exit 1
}

# apt_install <package>...: installs them where that is allowed (root on Debian or Ubuntu); otherwise its status is 1.
apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    local log
    log="$(mktemp)"
    echo "Installing $* …"
    if { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        rm "$log"
        return
    fi
    cat "$log" >&2
    rm "$log"
    return 1
}

# find_python: prints the first Python that is new enough.
find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Tandem needs Python 3.11 or newer, and found $(python3 --version 2>/dev/null || echo none): install it and start again."
}

# install <requirements file>...: makes .venv and fills it, when they changed since the last time.
install() {
    local wanted python
    wanted="$(cat constraints.txt "$@")"
    if [ -x .venv/bin/python ] && [ "$(cat ".venv/$1.installed" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        python="$(find_python)"
        "$python" -c 'import ensurepip' 2>/dev/null || apt_install python3-venv ||
            fail "$python lacks its venv module: install it (on Debian and Ubuntu: apt install python3-venv) and start again."
        rm -rf .venv
        "$python" -m venv .venv
    fi
    echo "Installing $* …"
    .venv/bin/python -m pip install -qq --disable-pip-version-check $(printf -- '-r %s ' "$@")
    echo "$wanted" >".venv/$1.installed"
}

# install_test_servers: what the tests start for themselves, each test run its own.
install_test_servers() {
    local missing=""
    command -v redis-server >/dev/null || missing="$missing redis-server"
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    PATH="$PATH:/usr/sbin" command -v nginx >/dev/null || missing="$missing nginx"
    command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null ||
        command -v google-chrome >/dev/null || missing="$missing chromium-headless-shell"
    [ -z "$missing" ] || apt_install $missing || fail "The tests need$missing: install that and start again."
}
