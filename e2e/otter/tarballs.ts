import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const programs = fileURLToPath(new URL('programs', import.meta.url))

/** As Otter's: options that nothing overrides, a test of what `file java` prints, output into a file, the background, a pid file. */
function startup(program: string, log: string): string {
  const nid = `if [ ! -s $base/conf/nid ]; then
  echo "ERROR: conf/nid is empty , please set nid"
  exit 0
fi
`
  return `#!/bin/bash
current_path=\`pwd\`
cd \`dirname $0\`
base=\`cd .. && pwd\`
${program === 'Node' ? nid : ''}if [ -f $base/bin/otter.pid ]; then
  echo "found otter.pid , Please run stop.sh first ,then startup.sh" >&2
  exit 1
fi
JAVA=$(which java)
str=\`file -L $JAVA | grep 64-bit\`
if [ -n "$str" ]; then JAVA_OPTS="-server -Xms64m -Xmx3072m"; else JAVA_OPTS="-server -Xmx1024m"; fi
mkdir -p $base/logs/${log}
$JAVA $JAVA_OPTS ${program === 'Node' ? '-Dnid=`cat $base/conf/nid`' : ''} -classpath ".:$base/lib/*" ${program} 1>>$base/logs/${log}/console.out 2>&1 &
echo $! > $base/bin/otter.pid
cd $current_path
`
}

const POM = `<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.zookeeper</groupId><artifactId>zookeeper</artifactId><version>3.8.4</version></dependency>
<dependency><groupId>org.mariadb.jdbc</groupId><artifactId>mariadb-java-client</artifactId><version>2.7.12</version></dependency>
</dependencies></project>
`

/** Why the tarballs cannot be made on this machine. */
export function whyNot(): string | undefined {
  return ['javac', 'mvn', 'tar'].find((name) => spawnSync(name, ['--version']).error !== undefined)
}

/** Makes both tarballs in a directory: programs of this folder, compiled, with the clients of ZooKeeper and MariaDB from Maven Central. */
export function makeTarballs(directory: string): void {
  const work = join(directory, '.work')
  mkdirSync(join(work, 'lib'), { recursive: true })
  writeFileSync(join(work, 'pom.xml'), POM)
  const run = (command: string, args: string[], cwd = work): void => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`)
  }
  const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib']
  run('mvn', ['-q', '-B', ...copy])
  mkdirSync(join(work, 'classes'))
  const sources = ['Common', 'Manager', 'Node'].map((name) => join(programs, `${name}.java`))
  run('javac', ['--release', '17', '-cp', 'lib/*', '-d', 'classes', ...sources])
  run('jar', ['--create', '--file', 'lib/otter.jar', '-C', 'classes', '.'])
  for (const [name, program, log, settings] of [
    [
      'manager',
      'Manager',
      '.',
      `otter.domainName = 127.0.0.1
otter.port = 8080
otter.communication.manager.port = 1099
otter.database.driver.url = jdbc:mysql://127.0.0.1:3306/ottermanager
otter.database.driver.username = root
otter.database.driver.password = hello
otter.zookeeper.cluster.default = 127.0.0.1:2181
`,
    ],
    ['node', 'Node', 'node', 'otter.manager.address = 127.0.0.1:1099\n'],
  ] as const) {
    const tree = join(work, name)
    for (const folder of ['bin', 'conf', 'logs']) mkdirSync(join(tree, folder), { recursive: true })
    cpSync(join(work, 'lib'), join(tree, 'lib'), { recursive: true })
    writeFileSync(join(tree, 'bin/startup.sh'), startup(program, log), { mode: 0o755 })
    // setuid, as in the release
    writeFileSync(join(tree, 'conf/otter.properties'), settings, { mode: 0o777 })
    writeFileSync(join(tree, 'conf/logback.xml'), '<configuration/>\n')
    run('tar', ['-czf', join(directory, `${name}.deployer-4.2.18.tar.gz`), '-C', tree, '.'])
  }
}

/** The tables of the manager that the programs use. */
export const SCHEMA = `CREATE TABLE AUTOKEEPER_CLUSTER (ID BIGINT PRIMARY KEY AUTO_INCREMENT, CLUSTER_NAME VARCHAR(200), SERVER_LIST VARCHAR(1024),
  GMT_CREATE TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', GMT_MODIFIED TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) DEFAULT CHARSET=utf8;
CREATE TABLE NODE (ID BIGINT PRIMARY KEY AUTO_INCREMENT, NAME VARCHAR(200), IP VARCHAR(200), PORT BIGINT, PARAMETERS TEXT,
  GMT_CREATE TIMESTAMP NOT NULL DEFAULT '0000-00-00 00:00:00', GMT_MODIFIED TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP) DEFAULT CHARSET=utf8;
`
