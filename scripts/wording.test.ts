import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../packages/cli/src/commands/index.ts'
import { programFor } from '../packages/cli/src/program.ts'
import { quietTerminal } from '../packages/cli/src/quiet-terminal.ts'
import { wordings } from './words.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Everything of the repository that users read and that is in a file: pages, READMEs, texts of golden files. */
function pages(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      !file.includes('node_modules') &&
      !file.startsWith('artifacts/') &&
      (/^[A-Z]+\.md$/.test(file) ||
        /^docs\/.*\.(md|json)$/.test(file) ||
        /^(packages|examples)\/.*README\.md$/.test(file) ||
        file === 'packages/convert/src/adaptations/texts.txt'),
  )
}

/** The help of every command and its subcommands. */
async function helps(): Promise<[string, string][]> {
  const names = ['', ...commands.map(({ name }) => name)]
  return Promise.all(
    names.map(async (name) => {
      const { terminal, printed } = quietTerminal()
      const program = await programFor([name], terminal)
      const command = program.commands.find((one) => one.name() === name) ?? program
      for (const one of [command, ...(name === '' ? [] : command.commands)]) one.outputHelp()
      return [`landfall ${name} --help`, printed.stdout]
    }),
  )
}

/** Without the table of the words themselves. */
function textOf(file: string): string {
  const text = readFileSync(`${root}/${file}`, 'utf8')
  return file === 'CONTRIBUTING.md'
    ? text.replace(/^## Words[\s\S]*?(?=^## |$(?![\s\S]))/m, '')
    : text
}

const texts = [...pages().map((file) => [file, textOf(file)] as const), ...(await helps())]

/** The lines with a word that we do not use, each with the better one. */
function findings(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      wordings
        .filter(({ pattern }) => pattern.test(line))
        .map(({ not, write }) => `not "${not}" but "${write}": ${line.trim()}`),
    )
}

test.each(texts)('%s', (_, text) => {
  expect(findings(text).join('\n')).toBe('')
  // what a merge that was not finished leaves
  expect(text).not.toMatch(/^[<>]{7} /m)
})
