#!/usr/bin/env bash
# Makes build/backtalk_VERSION_ARCHITECTURE.deb from a built program. Usage: package.sh [PROGRAM]
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/release/backtalk}
[ -x "$program" ] || { echo "package.sh: $program is not built: run make build" >&2; exit 1; }
version=$(sed -n 's/^project(backtalk VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
architecture=$(dpkg --print-architecture)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

# The packages of the libraries that the program itself names.
packages_needed() {
    readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r library; do
        path=$(ldconfig -p | awk -v name="$library" '$1 == name {print $NF; exit}')
        # Where /lib is a link to /usr/lib, dpkg may know the file by either name.
        { dpkg-query -S "$path" 2>/dev/null || dpkg-query -S "/usr$path" 2>/dev/null || dpkg-query -S "$(realpath "$path")"; } |
            head -n 1 | cut -d : -f 1
    done | sort -u
}
depends=$(packages_needed | paste -s -d , | sed 's/,/, /g')

install -D -m 755 "$program" "$root/usr/bin/backtalk"
strip --strip-unneeded "$root/usr/bin/backtalk"
install -D -m 644 packaging/backtalk.service "$root/lib/systemd/system/backtalk.service"
install -D -m 644 LICENSE "$root/usr/share/doc/backtalk/copyright"
install -D -m 644 README.md "$root/usr/share/doc/backtalk/README.md"
gzip -9nc CHANGELOG.md | install -D -m 644 /dev/stdin "$root/usr/share/doc/backtalk/changelog.gz"
install -D -m 755 packaging/postinst "$root/DEBIAN/postinst"
install -D -m 755 packaging/prerm "$root/DEBIAN/prerm"
cat >"$root/DEBIAN/control" <<CONTROL
Package: backtalk
Version: $version
Architecture: $architecture
Maintainer: the Backtalk authors <backtalk@localhost>
Installed-Size: $(du -sk "$root" | cut -f 1)
Depends: $depends, ca-certificates, passwd
Section: web
Priority: optional
Description: weblog server whose comment section is the open web
 Backtalk serves weblogs and lists under each entry the pages of other sites
 that link to it. It takes and sends TrackBacks, checks each claim against
 the page that makes it, and moves Movable Type archives in whole.
CONTROL
package=build/backtalk_${version}_${architecture}.deb
dpkg-deb --build --root-owner-group "$root" "$package" >/dev/null
echo "$package"
