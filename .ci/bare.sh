#!/usr/bin/env bash
# The two commands of the README, word for word, on a bare Debian: nothing is there but Python with venv, make, git and
# the certificates of the web. The Debian is a container where there is one, else made by debootstrap (as root).
# Clones what is committed, and tells at the end how long each command took, and what the tests said.
# Usage: bare.sh [RELEASE]   (bookworm, trixie, ...; that of this system, else stable)
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(python3 python3-venv make git ca-certificates)
if [ -n "${1-}" ]; then
    release=$1
elif [ "$(. /etc/os-release 2>/dev/null && echo "$ID")" = debian ]; then
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
else
    release=stable
fi

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
git bundle create --quiet "$work/project.bundle" HEAD

# How this system reaches Debian's, Python's and Node's registries: proxies, mirrors, certificates.
settings=()
for path in /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates /etc/pip.conf /etc/npmrc \
    ~/.config/pip ~/.pip ~/.npmrc; do
    [ ! -e "$path" ] || settings+=("$path")
done
if [ "$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME-}")" = "$release" ]; then
    for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/auth.conf.d \
        /etc/apt/keyrings /etc/apt/trusted.gpg.d; do
        [ ! -e "$path" ] || settings+=("$path")
    done
fi
tar -cf "$work/settings.tar" --dereference "${settings[@]}" 2>/dev/null || true
env -0 | grep -zEi '^(.*_proxy|.*(cert|ca)_(file|dir|bundle|certs|cainfo|info)|ssl_cert_.*|pip_.*|node_extra_ca_certs|npm_config_.*)=' \
    | while IFS= read -r -d '' line; do printf 'export %s=%q\n' "${line%%=*}" "${line#*=}"; done >"$work/environment"

cat >"$work/commands" <<'COMMANDS'
set -euo pipefail
unpack() { tar -xf /bare/settings.tar -C / 2>/dev/null || true; }
unpack
. /bare/environment
export LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@" >/dev/null
unpack  # the package of the certificates writes them anew
git clone --quiet /bare/project.bundle /handouts
cd /handouts
told="Debian $(cat /etc/debian_version), $(python3 --version), $(nproc) cores:"
failed=0
timed() {
    printf '\n== %s\n' "$*"
    local begun=$SECONDS code=0
    "$@" 2>&1 | tee /tmp/said || code=$?
    told="$told
$* ended with $code after $((SECONDS - begun)) s: $(tail -n 1 /tmp/said)"
    [ "$code" = 0 ] || failed=1
}
timed make
timed make test
printf '\n== %s\n' "$told"
exit $failed
COMMANDS

for engine in podman docker; do
    if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then
        "$engine" run --rm --network host --volume "$work:/bare:ro" "debian:$release" \
            bash /bare/commands "${packages[@]}"
        exit
    fi
done

PATH=$PATH:/usr/sbin:/sbin  # where debootstrap lies; not every root has them
[ "$(id -u)" = 0 ] || { echo "Without a container this takes root: sudo bash .ci/bare.sh" >&2; exit 2; }
command -v debootstrap >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
}
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | head -n 1)
echo "Making a bare Debian ($release) ..."
debootstrap --variant=minbase "$release" "$work/system" ${mirror:+"$mirror"} >"$work/log" 2>&1 \
    || { tail -n 20 "$work/log" >&2; exit 1; }
mkdir "$work/system/bare"
cp "$work"/{project.bundle,settings.tar,environment,commands} "$work/system/bare/"
cp --dereference /etc/resolv.conf /etc/hosts "$work/system/etc/"
# What is mounted here is gone with the last process.
unshare --mount --pid --fork bash -euc '
    mount -t proc proc "$0/proc"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$0/dev/pts"
    mount -t tmpfs tmpfs "$0/dev/shm"
    ln -sf pts/ptmx "$0/dev/ptmx"
    ln -sfn /proc/self/fd "$0/dev/fd"
    exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin bash /bare/commands "$@"
' "$work/system" "${packages[@]}"
