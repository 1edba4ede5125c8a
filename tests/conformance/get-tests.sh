#!/usr/bin/env bash
# Brings CPython's own tests (Lib/test of 3.14) into a folder: get-tests.sh DIR
# DIR then holds test/ as CPython lays it out. Nothing of it is ever committed. They come from Debian's packages
# libpython3.14-testsuite and, for test.support, libpython3.14-stdlib (suite sid): downloaded and unpacked, not installed.
set -eu
dir=${1:?usage: get-tests.sh DIR}
if [ -d "$dir/test/support" ]; then exit 0; fi

mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
if [ -z "$mirror" ]; then
  mirror=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' /etc/apt/sources.list)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
for keys in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do if [ -f "$keys" ]; then break; fi; done
echo "deb [signed-by=$keys] $mirror sid main" >"$work/sources.list"
apt=(apt-get -qq -o APT::Sandbox::User=root -o "Dir::Etc::SourceList=$work/sources.list"
  -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
"${apt[@]}" update
(cd "$work" && "${apt[@]}" download libpython3.14-testsuite libpython3.14-stdlib)
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done

# Moved into place in one step, so that an interrupted download leaves no half a folder behind.
rm -rf "$dir"
mkdir -p "$(dirname "$dir")" "$work/tests"
mv "$work/unpacked/usr/lib/python3.14/test" "$work/tests/test"
mv "$work/tests" "$dir"
test -d "$dir/test/support"
