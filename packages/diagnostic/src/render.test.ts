import { expect, test } from 'vitest'
import { renderDiagnostic } from './index.ts'

const text = 'services:\n  web:\n    imagee: nginx\n'
const sources = new Map([['compose.yaml', text]])
const at = { file: 'compose.yaml', start: text.indexOf('imagee'), end: text.indexOf(': nginx') }

test('a diagnostic prints its place, its sentence, the line with carets under the span, and the hint', () => {
  const printed = renderDiagnostic(
    {
      code: 'compose/unknown-key',
      severity: 'error',
      message: 'unknown key "imagee"',
      path: '/services/web/imagee',
      at,
      hint: 'did you mean "image"?',
    },
    sources,
  )
  expect(printed.split('\n')).toEqual([
    'compose.yaml:3:5: error: unknown key "imagee" (services.web.imagee) [compose/unknown-key]',
    '  3 |     imagee: nginx',
    '          ^^^^^^',
    '  hint: did you mean "image"?',
  ])
})

test('a span over several lines is underlined to the end of its first line', () => {
  const printed = renderDiagnostic(
    { code: 'x/y', severity: 'warning', message: 'm', path: '', at: { ...at, end: text.length } },
    sources,
  )
  expect(printed.split('\n')[2]).toBe(`          ${'^'.repeat('imagee: nginx'.length)}`)
})

test('a span into a file whose text is unknown prints the file name alone', () => {
  expect(
    renderDiagnostic({ code: 'x/y', severity: 'note', message: 'm', path: '', at }, new Map()),
  ).toBe('compose.yaml: note: m [x/y]')
})

test('a line is shown without its secrets, and the carets are where the masked text is', () => {
  const secret = 'services:\n  web:\n    environment: { A_PASSWORD: hop-hop, B: [x] }\n'
  const of = (word: string) => {
    const start = secret.indexOf(word)
    return renderDiagnostic(
      {
        code: 'x/y',
        severity: 'error',
        message: 'm',
        path: '',
        at: { file: 'f', start, end: start + word.length },
      },
      new Map([['f', secret]]),
    ).split('\n')
  }
  for (const [word, shown] of [
    ['[x]', '[x]'],
    ['hop-hop', '***'],
  ] as const) {
    const [, line = '', carets = ''] = of(word)
    expect(line).toBe('  3 |     environment: { A_PASSWORD: ***, B: [x] }')
    expect(carets).toBe(`${' '.repeat(line.indexOf(shown))}^^^`)
  }
})

test('a line of a private key is not shown', () => {
  const key = `-----BEGIN ${'PRIVATE'} KEY-----\n  ${'MIIB'.repeat(16)}\n  -----END`
  const start = key.indexOf('MIIB')
  const printed = renderDiagnostic(
    {
      code: 'x/y',
      severity: 'error',
      message: 'm',
      path: '',
      at: { file: 'f', start, end: start + 4 },
    },
    new Map([['f', `cert: |\n  ${key}`.slice(10)]]),
  )
  expect(printed).not.toContain('MIIB')
})
