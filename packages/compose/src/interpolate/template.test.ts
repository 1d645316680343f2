// biome-ignore-all lint/suspicious/noTemplateCurlyInString: such templates are what is tested
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { substitute } from './template.ts'

const variables: Record<string, string> = { SET: 'val', EMPTY: '', REF: '$SET' }
const run = (template: string) => substitute(template, (name) => variables[name])

test.each([
  ['$SET-suffix', 'val-suffix'],
  ['$$SET $${SET} $$$SET', '$SET ${SET} $val'],
  ['a$ $1 $(cmd)', 'a$ $1 $(cmd)'],
  ['${EMPTY:-d} ${EMPTY-d}', 'd '],
  ['${SET:+a} ${EMPTY:+a} ${EMPTY+a}', 'a  a'],
  ['${UNSET:-${EMPTY:-deep}}', 'deep'],
  ['${REF}', '$SET'],
])('%s is %s', (template, text) => {
  expect(run(template)).toMatchObject({ text })
})

test('a nested default is cut at its own brace, except where two braces open', () => {
  expect(run('${UNSET:-{a}} ${SET:-c}').text).toBe('{a} val')
  expect(run('${UNSET:-{}} ${SET:-c}').error).toMatchObject({ kind: 'invalid' })
})

test('defaults are substituted eagerly: an error in one that is not needed counts', () => {
  expect(run('${SET:-${UNSET?boom}}').error).toEqual({
    kind: 'required',
    variable: 'UNSET',
    message: 'boom',
  })
})

test('what was used and what was not set is told', () => {
  expect(run('${SET}/$UNSET/${EMPTY:-x}')).toMatchObject({
    used: ['SET', 'EMPTY'],
    unset: ['UNSET'],
  })
})

test('any text is substituted or refused, and one without a dollar sign is itself', () => {
  const piece = fc.constantFrom(
    '$',
    '{',
    '}',
    ':',
    '-',
    '?',
    '+',
    'A',
    'SET',
    '\n',
    ' ',
    '$$',
    '${',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const template = pieces.join('')
      const { text } = run(template)
      if (!template.includes('$')) expect(text).toBe(template)
    }),
  )
})
