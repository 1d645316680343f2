import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { compressLayer, type Layer, layerFile } from '@landfall/image'
import { assetDirectory } from '../cache/assets.ts'
import { streamNew } from '../host/files/new-file.ts'
import { replaceWhole } from '../host/write-whole.ts'
import { isolation } from './isolation.ts'

/** The scripts that make root file systems; what each reads from its environment is listed at its top. */
export type AssemblyScript = 'base' | 'packages' | 'closure'

/**
 * Runs an assembly script in mount and process namespaces of its own (nothing that it mounts or starts outlives it) and
 * compresses the tar archive that it writes into `file`. Its standard error goes to `<file>.log`.
 * Throws an Error with the end of that when it fails.
 */
export async function assembleLayer(
  script: AssemblyScript,
  environment: Readonly<Record<string, string>>,
  file: string,
): Promise<Layer> {
  const assembly = join(assetDirectory('images'), 'assembly')
  mkdirSync(dirname(file), { recursive: true })
  const log = `${file}.log`
  rmSync(log, { force: true })
  const layer = await replaceWhole(file, async (unverified) => {
    const child = spawn(
      isolation.program,
      [...isolation.options, ...plainUmask, join(assembly, `${script}.sh`)],
      {
        env: { PATH: systemPath, ...proxies(), ...environment, ASSEMBLY: assembly },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    const [made, code] = await Promise.all([
      compressLayer(child.stdout, streamNew(unverified), 1),
      ended,
      pipeline(child.stderr, streamNew(log)),
    ])
    if (code !== 0) {
      const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-12).join('\n')
      throw new Error(`building ${file} failed with exit code ${code ?? 'none'}:\n${tail}`)
    }
    return made
  })
  return layerFile(file, layer)
}

/** The mask of the person who starts us must not be seen in the modes of an image's directories. */
const plainUmask = ['sh', '-c', 'umask 022 && exec "$0"']

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What apt needs of the environment to reach its servers. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
