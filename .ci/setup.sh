# What ./check and ./bcc4j both need: a JDK, Maven, and the distribution's packages. Sourced, not run.
# shellcheck shell=bash

# Packages of a machine that uses the library, and those that its tests need on top.
# shellcheck disable=SC2034 # read by the scripts that source this
RUN_PACKAGES=(libbpfcc kmod qemu-system-x86 busybox-static)
# shellcheck disable=SC2034
BUILD_PACKAGES=(maven)
# shellcheck disable=SC2034
TEST_PACKAGES=(bpftool g++ libbpfcc-dev libbpf-dev linux-libc-dev gcc libc6-dev python3-bpfcc util-linux procps iproute2 e2fsprogs xfsprogs btrfs-progs chromium chromium-driver)

# shellcheck disable=SC2034
CONTAINER_PACKAGES=(debootstrap docker.io)

# shellcheck disable=SC2034
BENCH_PACKAGES=(gcc libc6-dev libbpfcc-dev linux-libc-dev python3-bpfcc util-linux)

# The newest JDK of at least 22: JAVA_HOME if it is one, else the newest below /usr/lib/jvm, else the one on PATH.
find_jdk() {
    local best=0 home version
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /nowhere/bin/javac)")")")"; do
        [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        if [ "${version:-0}" -gt "$best" ]; then
            best=$version
            JDK=$version
            JAVA_HOME=$home
        fi
    done
    if [ "$best" -lt 22 ]; then
        echo "bcc4j needs a JDK of version 22 or newer; found ${best/#0/none}. Install one and set JAVA_HOME." >&2
        return 1
    fi
    export JAVA_HOME JDK
    export PATH="$JAVA_HOME/bin:$PATH"
}

# The package with kernel headers: the running kernel's if there is one, else any. A kernel with BTF needs none; the tests do, to compare.
headers_package() {
    [ -e "/lib/modules/$(uname -r)/build/Makefile" ] && return
    [ -e /sys/kernel/btf/vmlinux ] && [ "$1" != always ] && return
    if [ "$(id -u)" -eq 0 ] && ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
        apt-get update >/dev/null 2>&1 || true
    fi
    if apt-cache show "linux-headers-$(uname -r)" >/dev/null 2>&1; then
        echo "linux-headers-$(uname -r)"
    else
        echo "linux-headers-$(dpkg --print-architecture)"
    fi
}

# install_missing ask|yes PACKAGE...: installs what is not there, as root through apt; else prints the one line to run.
install_missing() {
    local how=$1 missing=() package answer
    shift
    command -v dpkg-query >/dev/null || return 0 # not a Debian: the library says what it misses when it does
    local installed
    installed=$(dpkg-query -W -f='${Package} ${Status}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        [[ $'\n'$installed == *$'\n'"$package install ok installed"* ]] \
            || { [ "$package" = maven ] && command -v mvn >/dev/null; } || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local line="apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        echo "Missing packages. Run as root: $line" >&2
        return 1
    fi
    if [ "$how" = ask ]; then
        if [ ! -t 0 ]; then
            echo "Missing packages. Run with --yes, or: $line" >&2
            return 1
        fi
        read -r -p "Install ${missing[*]}? [Y/n] " answer
        case $answer in [nN]*) return 1 ;; esac
    fi
    echo "Installing ${missing[*]} ..." >&2
    local log
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { DEBIAN_FRONTEND=noninteractive $line || { apt-get update && DEBIAN_FRONTEND=noninteractive $line; }; } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
