import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addLeadingOptions, addProject, commandIn, type ProjectOptions } from './options.ts'

test.each([
  [['plan', '.'], 'plan'],
  [['-f', 'plan', 'config'], 'config'],
  [['--file=plan', '--profile', 'up', 'config', 'down'], 'config'],
  [['--all-resources', 'config'], 'config'],
  [['help', 'config'], 'config'],
  [['--help'], undefined],
])('the command of %j is %s', (argv, command) => {
  expect(commandIn(argv)).toBe(command)
})

function parsed(...argv: string[]): ProjectOptions {
  let options: ProjectOptions = {}
  const program = addLeadingOptions(new Command())
  addProject(program.command('plan')).action((_, given: ProjectOptions) => {
    options = given
  })
  program.parse(argv, { from: 'user' })
  return options
}

test('options stand before the command or after it', () => {
  expect(parsed('-f', 'a.yaml', '-p', 'x', 'plan')).toEqual({ file: ['a.yaml'], projectName: 'x' })
  expect(parsed('plan', '-f', 'a.yaml', '-p', 'x')).toEqual(
    parsed('-f', 'a.yaml', '-p', 'x', 'plan'),
  )
})

test('of both places files and profiles add up, and the later name wins', () => {
  const options = parsed('-f', 'a', '--profile', 'p', '-p', 'x', 'plan', '-f', 'b', '-p', 'y')
  expect(options).toEqual({ file: ['a', 'b'], profile: ['p'], projectName: 'y' })
})
