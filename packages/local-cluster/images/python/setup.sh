# $1 is the version: python and pip under the names of the image, and pip installs into the system as there.
for name in python python3 "python$1"; do ln -s "/usr/bin/python$1" "/usr/local/bin/$name"; done
for name in pip pip3 "pip$1"; do ln -s /usr/bin/pip3 "/usr/local/bin/$name"; done
rm -f "/usr/lib/python$1/EXTERNALLY-MANAGED"
# Dockerfiles copy installed packages by the path that they have in the image.
install -d "/usr/local/lib/python$1/dist-packages"
ln -s dist-packages "/usr/local/lib/python$1/site-packages"
# Compiled files are checked against the time of their source, and layers hold no times: check nothing.
find /usr/lib/python3* -name __pycache__ -prune -exec rm -rf '{}' +
"python$1" -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3 "/usr/lib/python$1"
