import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { captureScript } from './capture-script.ts'
import { installScript, settingsScript, startScript } from './scripts.ts'
import { standIn } from './stand-in.ts'

// The scripts of an image, run for real in a directory: start scripts that behave as those of known programs start a Java that prints
// what it gets.

const JAVA = `#!/bin/sh
case $1 in -version) echo 'openjdk version "17.0.1"' >&2; exit 0 ;; esac
case $* in *Helper*) echo helped; exit 0 ;; esac
echo "process $$ in $(pwd)"
for a; do echo "<$a>"; done
env | sort
[ -z "\${CODE:-}" ] || exit "$CODE"
`

interface Started {
  /** What the program printed: its arguments. */
  arguments: string[]
  environment: Record<string, string | undefined>
  /** What Landfall printed. */
  said: string[]
  stdout: string
  code: number | null
  root: string
  /** Whether the program has the process that was started. */
  replaced: boolean
}

interface Program {
  /** The text of bin/start. */
  script: string
  start?: string[]
  files?: Record<string, string>
  env?: Record<string, string>
  capture?: boolean
}

/** Runs a start script as the first process of a container would. */
async function start({
  script,
  start: words,
  files,
  env,
  capture = true,
}: Program): Promise<Started> {
  const root = mkdtempSync(join(tmpdir(), 'landfall-start-'))
  const [helper, program, jre] = ['landfall', 'opt', 'jre'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ]
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, 0o755)
  }
  const places = { helper, program, start: words ?? ['bin/start'], capture }
  write(join(helper, 'settings'), settingsScript(places))
  write(join(helper, 'install'), installScript(places))
  write(join(helper, 'start'), startScript(places))
  write(join(helper, 'capture'), captureScript(places))
  for (const processor of ['amd64', 'arm64'] as const)
    write(join(helper, `java-${processor}`), standIn(join(helper, 'capture'), processor))
  write(join(jre, 'bin/java'), JAVA)
  write(join(jre, 'lib/tools.jar'), '')
  write(join(program, 'bin/start'), script)
  for (const [path, content] of Object.entries(files ?? {})) write(join(program, path), content)
  const variables = { PATH: process.env.PATH, JAVA_HOME: jre, HOME: root }
  const installed = spawnSync('/bin/sh', [join(helper, 'install')], {
    env: variables,
    encoding: 'utf8',
  })
  expect(installed.stderr).toBe('')
  const limits = { LANDFALL_START_SECONDS: '20', LANDFALL_MEMORY_LIMIT_FILE: join(root, 'none') }
  const child = spawn('/bin/sh', [join(helper, 'start')], {
    env: { ...variables, ...limits, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const lines = stdout.split('\n')
  return {
    arguments: lines.flatMap((line) => /^<(.*)>$/.exec(line)?.[1] ?? []),
    environment: Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? []
        return name === undefined ? [] : [[name, value]]
      }),
    ),
    said: stderr
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(root, '')),
    stdout: stdout.replaceAll(root, ''),
    code,
    root,
    replaced: stdout.includes(`process ${child.pid} in `),
  }
}

const OTTER = `#!/bin/bash
cd \`dirname $0\`
if [ ! -s ../conf/nid ]; then echo "ERROR: please set nid"; exit 0; fi
if [ -f otter.pid ]; then echo "found otter.pid"; exit 1; fi
if file $(which java) | grep -q 'ELF 64-bit'; then JAVA_OPTS="-server -Xms2048m -Xmx3072m"; else JAVA_OPTS=-Xmx1024m; fi
export NID=$(cat ../conf/nid)
mkdir -p ../logs
java $JAVA_OPTS -cp "a b:it's" com.x.Main 1>>../logs/node.log 2>&1 &
echo $! > otter.pid
`

test('as Otter: background, pid file, an ELF test; arguments, variables and the directory are those of the script', async () => {
  const started = await start({
    script: OTTER,
    files: { 'conf/nid': '7', 'bin/otter.pid': '4711\n' },
    env: { LANDFALL_JVM: '-Da=b c\n-Xmx512m' },
  })
  expect(started.replaced).toBe(true)
  expect(started.stdout).toContain(' in /opt/bin\n')
  const optionsOfScript =
    spawnSync('file', ['--version']).status === 0
      ? ['-server', '-Xms2048m', '-Xmx3072m']
      : ['-Xmx1024m']
  expect(started.arguments).toEqual([
    ...optionsOfScript,
    ...['-cp', "a b:it's", '-Da=b c', '-Xmx512m'],
    ...(optionsOfScript.length > 1 ? ['-Xms512m'] : []),
    'com.x.Main',
  ])
  expect(started.environment.NID).toBe('7')
  expect(started.said).toEqual([
    'landfall: removed /opt/bin/otter.pid, which an earlier process left',
    'landfall: output that the start script redirects to /opt/logs/node.log is in the log of the container instead',
  ])
  expect(existsSync(join(started.root, 'opt/bin/otter.pid'))).toBe(false)
})

test('as Otter without its identity: exit code 0 and no program is an error with what the script printed', async () => {
  const { code, said, stdout } = await start({ script: OTTER })
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(said).toEqual([
    'landfall: bin/start ended with exit code 0 and started no Java program',
    'landfall: its output:',
    'ERROR: please set nid',
  ])
})

test('as Tomcat: eval, options of variables, and a variable that only the script exports', async () => {
  const started = await start({
    script: `#!/bin/sh
JDK_JAVA_OPTIONS="$JDK_JAVA_OPTIONS --add-opens=java.base/java.lang=ALL-UNNAMED"
export JDK_JAVA_OPTIONS
eval "\\"$JAVA_HOME/bin/java\\"" -classpath "\\"$PWD/bin/bootstrap.jar:$JAVA_HOME/lib/tools.jar\\"" $CATALINA_OPTS org.Bootstrap start >> out 2>&1 "&"
`,
    env: { CATALINA_OPTS: '-Dport=80' },
  })
  expect(started.arguments.map((one) => one.replaceAll(started.root, ''))).toEqual([
    ...['-classpath', '/opt/bin/bootstrap.jar:/landfall/home/lib/tools.jar'],
    ...['-Dport=80', 'org.Bootstrap', 'start'],
  ])
  const { JDK_JAVA_OPTIONS, JAVA_HOME, PATH, LANDFALL_CAPTURE } = started.environment
  expect(JDK_JAVA_OPTIONS).toContain('--add-opens')
  expect(JAVA_HOME).toBe(join(started.root, 'jre'))
  expect(PATH).toBe(process.env.PATH)
  expect(LANDFALL_CAPTURE).toBeUndefined()
})

test('as ZooKeeper: nohup, and a script that sees its program live', async () => {
  const started = await start({
    script: `#!/bin/bash
nohup "$JAVA_HOME/bin/java" -Dlog=1 org.Quorum "$PWD/zoo.cfg" > "$PWD/zk.out" 2>&1 < /dev/null &
echo -n $! > "$PWD/zookeeper_server.pid"
sleep 0.3
if kill -0 $! > /dev/null 2>&1; then echo STARTED; else echo FAILED; exit 1; fi
`,
    start: ['bin/start', 'start'],
  })
  expect(started.replaced).toBe(true)
  expect(started.arguments[1]).toBe('org.Quorum')
  expect(existsSync(join(started.root, 'opt/zookeeper_server.pid'))).toBe(false)
})

test('as Jetty: a script that waits for its program for a minute is ended', async () => {
  const started = await start({
    script: `#!/usr/bin/env bash
( setsid "$JAVA_HOME/bin/java" -jar start.jar jetty.state=x & )
for i in $(seq 60); do [ -f jetty.state ] && exit 0; sleep 1; done
`,
    env: { LANDFALL_JVM: '-Xmx64m' },
  })
  expect(started.replaced).toBe(true)
  expect(started.arguments).toEqual(['-Xmx64m', '-jar', 'start.jar', 'jetty.state=x'])
})

test('as Kafka: exec; questions about the version and helpers are answered by the real Java', async () => {
  const started = await start({
    script: `#!/bin/bash
version=$("$JAVA_HOME/bin/java" -version 2>&1 | head -1)
options=$(java -cp lib Helper)
echo "$version"
exec java -Dhelped="$options" -m kafka/kafka.Kafka "$@"
`,
    start: ['bin/start', 'config/a b.properties'],
  })
  expect(started.stdout).toContain('openjdk version "17.0.1"\n')
  expect(started.arguments).toEqual([
    '-Dhelped=helped',
    '-m',
    'kafka/kafka.Kafka',
    'config/a b.properties',
  ])
})

test('as Nacos: a script that asks on a terminal, for ever, ends after a time with its question', async () => {
  const { code, said } = await start({
    script:
      '#!/bin/sh\nwhile [ -z "$key" ]; do printf "key? "; read -r key || sleep 0.2; done\njava Main\n',
    env: { LANDFALL_START_SECONDS: '1' },
  })
  expect(code).toBe(1)
  expect(said.slice(0, 2)).toEqual([
    'landfall: bin/start started no Java program in 1 seconds; it may wait for an input, which is not possible in a container',
    'landfall: its output:',
  ])
  expect(said[2]).toMatch(/^key\? key\?/)
})

test('a missing program of the script is in the log, and the exit code of the program is that of the container', async () => {
  const { code, stdout } = await start({
    script: '#!/bin/sh\nno-such-program x\nexec java Main\n',
    env: { CODE: '3' },
  })
  expect(code).toBe(3)
  expect(stdout).toContain('no-such-program: not found')
})

test('the output of a pipe is not lost to a helper: a program behind tee is captured', async () => {
  const started = await start({ script: '#!/bin/sh\njava Main | tee out\n' })
  expect(started.replaced).toBe(true)
  expect(started.arguments).toEqual(['Main'])
})

test.each([
  ['1073741824', '-Xms2g -Xmx3g', ['-Xms2g', '-Xmx3g', '-Xmx768m', '-Xms768m']],
  ['1073741824', '-Xmx512m', ['-Xmx512m']],
  ['536870912', '', ['-Xmx256m']],
  ['max', '-Xmx9g', ['-Xmx9g']],
  ['9223372036854771712', '-Xmx9g', ['-Xmx9g']],
])('with a memory limit of %s, %j of the script becomes %j', async (limit, options, expected) => {
  const root = mkdtempSync(join(tmpdir(), 'landfall-limit-'))
  writeFileSync(join(root, 'memory.max'), `${limit}\n`)
  const started = await start({
    script: `#!/bin/sh\nexec java ${options} Main\n`,
    env: { LANDFALL_MEMORY_LIMIT_FILE: join(root, 'memory.max') },
  })
  expect(started.arguments).toEqual([...expected, 'Main'])
})

test('a program that is not Java becomes the process itself', async () => {
  const started = await start({
    script: '#!/bin/sh\necho "process $$ in x"\n',
    capture: false,
    files: { 'run/x.pid': '1' },
  })
  expect(started.replaced).toBe(true)
  expect(started.said).toEqual(['landfall: removed /opt/run/x.pid, which an earlier process left'])
})

test('nothing of a start is left: no process, and the file of a program that is no pid file', async () => {
  const { root } = await start({
    script: '#!/bin/sh\n(sleep 300 &)\nexec java Main\n',
    files: { 'data/notes.pid': 'text\n' },
  })
  expect(readFileSync(join(root, 'opt/data/notes.pid'), 'utf8')).toBe('text\n')
  const left = spawnSync('sh', [
    '-c',
    `grep -lF "LANDFALL_CAPTURE=${root}" /proc/[0-9]*/environ 2>/dev/null`,
  ])
  expect(left.stdout.toString()).toBe('')
})
