#!/usr/bin/env bash
# Installs the missing packages of the named groups of packages.txt. Asks nothing; does nothing when all are there.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
for group in "$@"; do
    while read -r package; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done < <(awk -v group="[$group]" '/^\[/ {inside = $0 == group; next} inside && NF && !/^#/' packages.txt)
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These packages are missing and neither root nor sudo is here: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
