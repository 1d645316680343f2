import { expect, test } from 'vitest'
import { loggingFiles, logsToFilesOnly } from './logging.ts'

const LOGBACK = (root: string) => `<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender"><encoder/></appender>
  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender"><file>../logs/x.log</file></appender>
  <appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender"><appender-ref ref="STDOUT"/></appender>
  <!-- <root><appender-ref ref="STDOUT"/></root> -->
  <root level="INFO">${root}</root>
</configuration>`

test.each([
  ['logback, a file', 'conf/logback.xml', LOGBACK('<appender-ref ref="FILE"/>'), false],
  ['logback, the console', 'conf/logback.xml', LOGBACK('<appender-ref ref="STDOUT" />'), true],
  ['logback, through another', 'conf/logback.xml', LOGBACK('<appender-ref ref="ASYNC"/>'), true],
  ['logback, a variable', 'conf/logback.xml', LOGBACK(`<appender-ref ref="\${x}"/>`), true],
  [
    'log4j 2 as XML',
    'conf/log4j2.xml',
    '<Configuration><Appenders><Console name="C" target="SYSTEM_OUT"></Console><File name="F" fileName="x"/></Appenders><Loggers><Root level="info"><AppenderRef ref="F"/></Root></Loggers></Configuration>',
    false,
  ],
  [
    'log4j 2 as XML, the console',
    'conf/log4j2.xml',
    '<Configuration><Appenders><Console name="C" target="SYSTEM_OUT"/></Appenders><Loggers><Root level="info"><AppenderRef ref="C"/></Root></Loggers></Configuration>',
    true,
  ],
  [
    'log4j 1, a file',
    'conf/log4j.properties',
    'log4j.rootLogger=INFO, R\nlog4j.appender.R=org.apache.log4j.RollingFileAppender\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\n',
    false,
  ],
  [
    'log4j 1, both, by a variable',
    'conf/log4j.properties',
    `root=INFO, C\nlog4j.rootLogger=\${root}, R\nlog4j.appender.R=org.apache.log4j.FileAppender\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\n`,
    true,
  ],
  [
    'Karaf, the console is off',
    'etc/org.ops4j.pax.logging.cfg',
    `log4j2.rootLogger.level = INFO\nlog4j2.rootLogger.appenderRef.F.ref = F\nlog4j2.rootLogger.appenderRef.Console.ref = Console\nlog4j2.rootLogger.appenderRef.Console.filter.threshold.type = ThresholdFilter\nlog4j2.rootLogger.appenderRef.Console.filter.threshold.level = \${karaf.log.console:-OFF}\nlog4j2.appender.console.type = Console\nlog4j2.appender.console.name = Console\n`,
    false,
  ],
  [
    'log4j 2 as properties, the console',
    'conf/log4j2.properties',
    'rootLogger.level=INFO\nrootLogger.appenderRef.console.ref=Console\nrootLogger.appenderRef.console.filter.threshold.level=INFO\nappender.console.type=Console\nappender.console.name=Console\n',
    true,
  ],
  [
    'java.util.logging',
    'conf/logging.properties',
    'handlers = java.util.logging.FileHandler\n',
    false,
  ],
  [
    'java.util.logging of Tomcat',
    'conf/logging.properties',
    'handlers = a.FileHandler\n.handlers = a.FileHandler, java.util.logging.ConsoleHandler\n',
    true,
  ],
])('%s', (_, path, text, console) => {
  const file = { size: text.length, executable: false, text }
  expect(loggingFiles({ files: new Map([[path, file]]) })).toEqual([{ path, console }])
})

test('one file with the console is enough; files of examples, of tests and without a root do not count', () => {
  const of = (texts: Record<string, string>) =>
    loggingFiles({
      files: new Map(
        Object.entries(texts).map(([path, text]) => [path, { size: 1, executable: false, text }]),
      ),
    })
  const file = LOGBACK('<appender-ref ref="FILE"/>')
  const both = of({
    'a/logback.xml': file,
    'b/logback.xml': LOGBACK('<appender-ref ref="STDOUT"/>'),
  })
  expect(logsToFilesOnly(both)).toBe(false)
  expect(logsToFilesOnly(of({ 'conf/logback.xml': file }))).toBe(true)
  const none = of({
    'examples/logback.xml': file,
    'conf/logback-test.xml': file,
    'conf/logback.xml': '<configuration/>',
    'conf/log4j.properties': 'log4j.logger.x=INFO\n',
  })
  expect(none).toEqual([])
  expect(logsToFilesOnly(none)).toBe(false)
})
