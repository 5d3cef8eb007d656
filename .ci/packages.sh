# Sourced by its neighbours: packages of the system, installed where that needs no password.

# Sets $install, and $refresh where package lists age, for names as apt, dnf, apk, pacman and brew know them; fails
# where there is none of the five.
choose_packages() {
    refresh=
    if command -v apt-get >/dev/null; then
        # A fresh system has no package lists, an old one has lists that name packages which are gone.
        refresh="apt-get update"
        install="apt-get install -y --no-install-recommends $1"
    elif command -v dnf >/dev/null; then
        install="dnf install -y $2"
    elif command -v apk >/dev/null; then
        install="apk add $3"
    elif command -v pacman >/dev/null; then
        install="pacman -S --needed --noconfirm $4"
    elif command -v brew >/dev/null; then
        install="brew install $5"
    else
        return 1
    fi
}

# Prints what to type by hand.
command_to_type() {
    case $install in
        brew*) echo "    $install" ;;
        *) echo "    ${refresh:+sudo $refresh && }sudo $install" ;;
    esac
}

# Sets $as_root, the word before a command, and fails where that takes a password.
become_root() {
    as_root=
    case $install in
        brew*) ;;  # Homebrew refuses to run as root
        *)
            if [ "$(id -u)" != 0 ]; then
                sudo -n true 2>/dev/null || return 1
                as_root="sudo -n"
            fi
            ;;
    esac
}

# Installs, and shows what the package manager says where it fails.
install_packages() {
    echo "Installing: ${as_root:+$as_root }$install"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # The commands are lists of plain words: they are meant to be split.
    # shellcheck disable=SC2086
    {
        # A list that cannot be refreshed may be a foreign one: the installation itself decides.
        [ -z "$refresh" ] || $as_root env DEBIAN_FRONTEND=noninteractive $refresh >"$log" 2>&1 || cat "$log" >&2
        $as_root env DEBIAN_FRONTEND=noninteractive $install >"$log" 2>&1 || { cat "$log" >&2; return 1; }
    }
}
