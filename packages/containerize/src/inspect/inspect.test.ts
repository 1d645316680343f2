import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { tarball } from '../test-archives.ts'
import { inspectTarball } from './inspect.ts'
import { programsOf } from './programs.ts'
import { scanTarball } from './scan.ts'
import { readScript } from './script.ts'

/** A class file of a Java version, as far as it is looked at. */
const classOf = (java: number): Uint8Array =>
  new Uint8Array([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, java + 44, 0, 1])

const OTTER = `#!/bin/bash
current_path=\`pwd\`
bin_abs_path=$(readlink -f $(dirname $0))
if [ -f $base/bin/otter.pid ] ; then
  echo "found otter.pid , Please run stop.sh first"
  exit 1
fi
if [ -z "$JAVA" ] ; then
  JAVA=$(which java)
fi
str=\`file $JAVA | grep 64-bit\`
JAVA_OPTS="-server -Xms2048m -Xmx3072m -XX:MaxPermSize=128m"
$JAVA $JAVA_OPTS -classpath .:$CLASSPATH com.alibaba.otter.OtterLauncher 1>>$base/logs/manager.log 2>&1 &
echo $! > $base/bin/otter.pid
`

test('a release as Otter has it: no top folder, setuid files, a script that leaves its program in the background', async () => {
  const jar = Buffer.from(
    zipSync({ 'com/A.class': classOf(8), 'META-INF/versions/17/com/A.class': classOf(17) }),
  )
  const scan = await scanTarball(
    await tarball(
      ['bin/startup.sh', OTTER, { mode: 0o755 }],
      ['bin/stop.sh', '#!/bin/bash\nps -ef | grep otter\n', { mode: 0o755 }],
      ['bin/startup.bat', '@echo off\r\n'],
      [
        'conf/otter.properties',
        'otter.port = 8080\n#old.port = 99\notter.manager.port: 1099\nreport.timeout=70\n',
        { mode: 0o6777 },
      ],
      [
        'conf/logback.xml',
        '<configuration><!-- port="7777" --><appender port="4560"/></configuration>\n',
      ],
      ['lib/otter.jar', jar],
    ),
  )
  expect(inspectTarball(scan, 'manager.deployer-4.2.18.tar.gz')).toEqual({
    product: { name: 'manager-deployer', version: '4.2.18' },
    scripts: [
      { path: 'bin/startup.sh', kind: 'background', asks: false, pidFile: '$base/bin/otter.pid' },
    ],
    java: { version: 8, because: 'bin/startup.sh has -XX:MaxPermSize' },
    configs: [
      { path: 'conf/logback.xml', format: 'xml' },
      { path: 'conf/otter.properties', format: 'properties' },
    ],
    ports: [
      { port: 4560, path: 'conf/logback.xml', key: 'port' },
      { port: 8080, path: 'conf/otter.properties', key: 'otter.port' },
      { port: 1099, path: 'conf/otter.properties', key: 'otter.manager.port' },
    ],
    programs: ['file', 'ps', 'which'],
    packages: ['debianutils', 'file', 'procps'],
    logsToFiles: [],
  })
  expect(scan.top).toBe('')
})

test('one top folder is left out, and classes decide the version of Java', async () => {
  const scan = await scanTarball(
    await tarball(
      [
        'apache-thing-1.2/bin/thing-start.sh',
        '#!/bin/sh\nexec "$JAVA" -jar x.jar\n',
        { mode: 0o700 },
      ],
      ['apache-thing-1.2/conf/', '', { type: 'directory', mode: 0o700 }],
      ['apache-thing-1.2/lib/x.jar', Buffer.from(zipSync({ 'A.class': classOf(11) }))],
    ),
  )
  const { product, java, scripts } = inspectTarball(scan, 'download.zip')
  expect({ product, java, scripts, top: scan.top, directories: [...scan.directories] }).toEqual({
    product: { name: 'apache-thing', version: '1.2' },
    java: { version: 11, because: 'lib/x.jar has classes of Java 11' },
    scripts: [{ path: 'bin/thing-start.sh', kind: 'exec', asks: false }],
    top: 'apache-thing-1.2',
    directories: ['bin', 'conf', 'lib'],
  })
})

test.each([
  ['#!/bin/sh\nexec "$JAVA" $OPTS Main "$@"\n', 'exec'],
  ['#!/bin/sh\n"$JAVA_HOME/bin/java" -jar a.jar\n', 'foreground'],
  ['#!/bin/sh\nnohup "$JAVA" -jar a.jar > out 2>&1 < /dev/null &\n', 'background'],
  [
    '#!/bin/sh\neval "\\"$_RUNJAVA\\"" Main \\\n  start >> "$CATALINA_OUT" 2>&1 "&"\n',
    'foreground',
  ],
  ['#!/bin/sh\nsetsid java -jar a.jar\n', 'background'],
  ['#!/bin/sh\n[ a ] && [ b ] && java -jar a.jar\n', 'foreground'],
])('how a script leaves its program: %j', (text, kind) => {
  expect(readScript('x', text).kind).toBe(kind)
})

test('a script that reads from a terminal, one without "#!", one with Windows line ends', () => {
  expect(readScript('x', '#!/bin/bash\nread -p "token: " TOKEN\n').asks).toBe(true)
  expect(readScript('x', '#!/bin/bash\nwhile read line; do echo $line; done < f\n').asks).toBe(
    false,
  )
  expect(readScript('x', 'java -jar x.jar\n').problem).toBe('containerize/no-shebang')
  expect(readScript('x', '#!/bin/sh\r\njava -jar x.jar\r\n').problem).toBe(
    'containerize/crlf-script',
  )
})

test('programs that a script runs, and not words of its messages', () => {
  expect(programsOf('echo "please unzip the file"\nps -p $PID > /dev/null && kill $PID\n')).toEqual(
    ['ps'],
  )
  expect(programsOf('if which nc >/dev/null; then X=$(hostname); fi\n# wget it\n')).toEqual([
    'hostname',
    'which',
  ])
})

test('a script that starts another one leaves the program as that does; classes for a newer Java are optional', async () => {
  const scan = await scanTarball(
    await tarball(
      [
        't-9/bin/startup.sh',
        '#!/bin/sh\nEXECUTABLE=catalina.sh\nexec "$PRGDIR"/"$EXECUTABLE" start "$@"\n',
      ],
      ['t-9/bin/catalina.sh', '#!/bin/sh\n# java\nnohup "$JAVA" -jar a.jar &\necho $! > "$PID"\n'],
      ['t-9/lib/a.class', Buffer.from(classOf(8))],
      ['t-9/lib/ffm.class', Buffer.from(classOf(22))],
    ),
  )
  const { scripts, java } = inspectTarball(scan, 't-9.tar.gz')
  expect(scripts[0]).toEqual({
    path: 'bin/startup.sh',
    kind: 'background',
    asks: false,
    delegatesTo: 'catalina.sh',
    pidFile: '$PID',
  })
  expect(java).toEqual({ version: 8, because: 'lib/a.class has classes of Java 8' })
})
