// Makes node_modules agree with package-lock.json; says so in one line when there is work to do.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Installs the npm packages when they are missing or older than the lock file. Exits the process when npm fails. */
export function install() {
  const installed = `${root}node_modules/.package-lock.json`
  if (
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs
  )
    return
  process.stderr.write('Installing the npm packages of this checkout (npm ci) …\n')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) {
    process.stderr.write('npm ci failed; its messages are above.\n')
    process.exit(1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install()
