import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectTarball } from '../inspect/inspect.ts'
import { scanTarball } from '../inspect/scan.ts'
import { tarball } from '../test-archives.ts'
import { prepareScript } from './prepare-script.ts'
import { makeRecipe } from './recipe.ts'

/** Runs the commands in a new directory, as the build of an image would. */
function prepared(prepare: string[], start = 'made/run') {
  const program = mkdtempSync(join(tmpdir(), 'landfall-prepare-'))
  const script = join(program, '.prepare')
  writeFileSync(script, prepareScript({ program, start: [start, 'x'], prepare }))
  const { status, stderr } = spawnSync('/bin/sh', [script], { encoding: 'utf8', cwd: '/' })
  return { program, code: status, said: stderr.trim().split('\n') }
}

const MAKE = `mkdir made && printf '#!/bin/sh\\necho "it'"'"'s"\\n' >made/run && chmod +x made/run`

test('commands run in their order, in the directory of the program, and make the start script', () => {
  const { program, code, said } = prepared([MAKE, 'echo "$PWD" >made/where'])
  expect([code, said]).toEqual([0, ['']])
  expect(readFileSync(join(program, 'made/where'), 'utf8')).toBe(`${program}\n`)
  expect(readFileSync(join(program, 'made/run'), 'utf8')).toBe('#!/bin/sh\necho "it\'s"\n')
})

test.each([
  [
    'a command that fails',
    [MAKE, 'echo no >&2; exit 3'],
    'prepare[1] in landfall.yaml ended with exit code 3',
  ],
  [
    'a part of a command that fails',
    [MAKE, 'false; true'],
    'prepare[1] in landfall.yaml ended with exit code 1',
  ],
  [
    'a command that reads an input, which is empty',
    [`${MAKE}; read -r answer`],
    'prepare[0] in landfall.yaml ended with exit code 1',
  ],
  ['no start script', ['mkdir made'], 'there is no start script made/run'],
  [
    'one that cannot be executed',
    [MAKE, 'chmod -x made/run'],
    'the start script made/run, which prepare in landfall.yaml has made, is not executable',
  ],
  [
    'one without "#!"',
    [MAKE, 'echo java >made/run'],
    'the start script made/run, which prepare in landfall.yaml has made, does not begin with #!',
  ],
])('%s fails the build with the place in landfall.yaml', (_, prepare, text) => {
  const { code, said } = prepared(prepare)
  expect(code).toBe(1)
  expect(said.at(-1)).toContain(`landfall: ${text}`)
})

test('a command with a password is not printed when it fails', () => {
  const { said } = prepared(['false --password not-printed'])
  expect(said).toEqual(['landfall: prepare[0] in landfall.yaml ended with exit code 1'])
})

const ARTEMIS = [
  [
    'apache-artemis-2.31.2/bin/artemis',
    '#!/usr/bin/env sh\nexec "$JAVACMD" Main\n',
    { mode: 0o755 },
  ],
  ['apache-artemis-2.31.2/lib/artemis-boot.jar', 'x'],
  ['apache-artemis-2.31.2/lib/artemis-server-2.31.2.jar', 'x'],
] as const satisfies Parameters<typeof tarball>

async function artemis(...more: Parameters<typeof tarball>) {
  const scan = await scanTarball(await tarball(...ARTEMIS, ...more))
  return { scan, inspection: inspectTarball(scan, 'apache-artemis-2.31.2-bin.tar.gz') }
}

test('Artemis, ZooKeeper and Kafka are recognised by their files, and not where what they need is there', async () => {
  const { inspection } = await artemis()
  expect(inspection.preparation).toMatchObject({
    start: 'instance/bin/artemis-service start',
    packages: ['procps'],
    prepare: [
      expect.stringMatching(/^bin\/artemis create instance --silent .*--http-host 0\.0\.0\.0/),
    ],
  })
  const instance = ['apache-artemis-2.31.2/etc/artemis.profile', 'x'] as const
  expect((await artemis([...instance])).inspection.preparation).toBeUndefined()
  const of = async (...entries: Parameters<typeof tarball>) =>
    inspectTarball(await scanTarball(await tarball(...entries)), 'x.tar.gz').preparation
  const zookeeper = [
    ['z/bin/zkServer.sh', '#!/bin/sh\n'],
    ['z/conf/zoo_sample.cfg', 'clientPort=2181\n'],
  ] as const satisfies Parameters<typeof tarball>
  expect((await of(...zookeeper))?.prepare).toEqual(['cp conf/zoo_sample.cfg conf/zoo.cfg'])
  expect(await of(...zookeeper, ['z/conf/zoo.cfg', ''])).toBeUndefined()
  const kafka = [
    ['k/bin/kafka-storage.sh', '#!/bin/sh\n'],
    ['k/bin/kafka-server-start.sh', '#!/bin/sh\n'],
  ] as const satisfies Parameters<typeof tarball>
  expect((await of(...kafka, ['k/config/kraft/server.properties', '']))?.start).toBe(
    'bin/kafka-server-start.sh config/kraft/server.properties',
  )
  expect(await of(...kafka)).toBeUndefined()
})

test('the recipe runs the commands after the files are there, as the user of the program; the start script may be one that they make', async () => {
  const { scan, inspection } = await artemis()
  const settings = { java: 17, start: 'instance/bin/artemis-service start' }
  expect(() => makeRecipe('broker', settings, scan, inspection)).toThrow(
    'the start script instance/bin/artemis-service is not in the tarball',
  )
  const prepare = ['bin/artemis create instance']
  const { dockerfile, helpers } = makeRecipe('broker', { ...settings, prepare }, scan, inspection)
  const lines = dockerfile.split('\n')
  const run = lines.findIndex((line) => line.startsWith('RUN sh /landfall/prepare '))
  expect(lines.indexOf('USER 10001:10001')).toBeGreaterThan(
    lines.findIndex((line) => line.endsWith('small /opt/broker')),
  )
  expect(run).toBeGreaterThan(lines.indexOf('USER 10001:10001'))
  expect(run).toBeGreaterThan(lines.indexOf('WORKDIR /opt/broker'))
  expect(helpers.get('prepare')).toContain("step 0 'bin/artemis create instance'")
  const plain = makeRecipe('broker', { java: 17, start: 'bin/artemis run' }, scan, inspection)
  expect(plain.helpers.has('prepare')).toBe(false)
  expect(plain.dockerfile).not.toContain('prepare')
})
