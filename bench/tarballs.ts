import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cost, measure } from './measure.ts'

const MIB = 1024 ** 2

/**
 * A service from a tarball of 40 MiB: `convert` when the image is made for the first time, when nothing has changed, and after an edit in
 * landfall.yaml; and how large the layers are, of which an edit inside of the tarball moves the small one alone.
 */
export async function benchTarballs(main: string, scratch: string): Promise<void> {
  const project = join(scratch, 'from-a-tarball')
  const cache = join(scratch, 'cache')
  const tree = join(scratch, 'node-1.0')
  for (const folder of ['bin', 'conf', 'lib']) mkdirSync(join(tree, folder), { recursive: true })
  mkdirSync(project)
  writeFileSync(join(tree, 'bin/startup.sh'), '#!/bin/sh\njava -cp "lib/*" Main &\n', {
    mode: 0o755,
  })
  writeFileSync(join(tree, 'conf/node.properties'), 'manager = 127.0.0.1:1099\n')
  for (let index = 0; index < 40; index++)
    writeFileSync(join(tree, `lib/${index}.jar`), randomBytes(MIB))
  run('tar', ['-czf', join(project, 'node-1.0.tar.gz'), '-C', scratch, 'node-1.0'])
  const settings = (manager: string): void =>
    writeFileSync(
      join(project, 'landfall.yaml'),
      `services:\n  node:\n    tarball: ./node-1.0.tar.gz\n    java: 17\n    files: { conf/node.properties: { set: { /manager: "${manager}" } } }\n`,
    )
  let outputs = 0
  const convert = (): Promise<Cost> => {
    const out = join(scratch, `tarball-${outputs++}`)
    const words = ['--', `XDG_CACHE_HOME=${cache}`, process.execPath, main, 'convert', '.']
    return measure('env', [...words, '--offline', '-o', out], project)
  }
  console.log('\na tarball of 40 MiB, one process each'.padEnd(49), '  wall       CPU      memory')
  settings('a:1099')
  print('convert, the image is made', await convert())
  print('convert again, nothing has changed', await convert())
  settings('b:1099')
  print('convert, a value in landfall.yaml has changed', await convert())
  const contexts = join(cache, 'landfall/tarballs')
  console.log(`build contexts that were made: ${readdirSync(contexts).length}`)
  const context = join(contexts, readdirSync(contexts)[0] ?? '')
  for (const layer of ['large', 'small'])
    console.log(
      `layer ${layer}: ${run('tar', ['-cz', '-C', context, layer]).length} bytes compressed`,
    )
}

function print(title: string, { wall, cpu, memory }: Cost): void {
  const [time, processor, size] = [wall, cpu, memory].map((value) => value.toFixed(0).padStart(6))
  console.log(`${title.padEnd(48)}${time} ms ${processor} ms ${size} MiB`)
}

function run(program: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 100 * MIB })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return stdout
}
