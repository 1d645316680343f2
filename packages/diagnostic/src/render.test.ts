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
