# node and its package managers under /usr/local, where the image has them, and its user.
groupadd -g 1000 node
useradd -u 1000 -g node -s /bin/bash -m node
rm -f /home/node/.*[a-z]
modules=/usr/local/lib/node_modules
for name in npm yarn corepack; do
  mkdir -p "$modules/$name"
  tar -xzf "/run/downloads/$name.tgz" --no-same-owner --strip-components=1 -C "$modules/$name"
done
tar -xzf /run/downloads/node-linux-*.tgz --no-same-owner --strip-components=1 -C /usr/local package/bin
[ ! -e /usr/local/bin/node ] && exit 1
chmod 755 /usr/local/bin/node "$modules"/npm/bin/* "$modules"/yarn/bin/* "$modules"/corepack/dist/*.js
ln -s node /usr/local/bin/nodejs
ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
ln -s ../lib/node_modules/yarn/bin/yarn.js /usr/local/bin/yarn
ln -s ../lib/node_modules/yarn/bin/yarn.js /usr/local/bin/yarnpkg
ln -s ../lib/node_modules/corepack/dist/corepack.js /usr/local/bin/corepack
rm -rf "$modules"/npm/docs "$modules"/npm/man
