import { stripVTControlCharacters } from 'node:util'

/** A vitest reporter that prints the message of a failed test when it fails: a run that is stopped later still shows it. */
export default class FailuresReporter {
  onTestCaseResult(test) {
    const { state, errors = [] } = test.result()
    if (state !== 'failed') return
    const messages = errors.map(({ message = '', stack = '' }) => `${message}\n${places(stack)}`)
    process.stderr.write(
      `\nfailed: ${test.module.relativeModuleId}: ${test.fullName}\n${stripVTControlCharacters(messages.join('\n')).slice(0, 3000)}\n`,
    )
  }
}

/** The lines of a stack that are files of the project. */
function places(stack) {
  const lines = stack.split('\n').filter((line) => /^\s+at .*:\d+/.test(line))
  return lines.filter((line) => !line.includes('node_modules')).join('\n')
}
