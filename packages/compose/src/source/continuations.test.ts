import { describe, expect, test } from 'vitest'
import { loadProject, memoryFiles } from '../index.ts'
import { indentContinuations } from './continuations.ts'

describe('lines on which bracketed and quoted values go on', () => {
  test.each([
    ['a: {\nb: 1\n}\n', 'a: {\n    b: 1\n    }\n'],
    ['a: "x\ny"\nb: c\n', 'a: "x\n    y"\nb: c\n'],
    ["a: 'it''s\n\n y'\nb: [c]\n", "a: 'it''s\n\n    y'\nb: [c]\n"],
    ["a: it's\nb: x[0\nc: d\n", "a: it's\nb: x[0\nc: d\n"],
    ['a: |\n  { [ "\nb: c\n', 'a: |\n  { [ "\nb: c\n'],
    ['a: [x, # {\ny]\n', 'a: [x, # {\n    y]\n'],
  ])('%j', (text, expected) => {
    expect(indentContinuations(text).text).toBe(expected)
  })

  test('spans point into the text as it was written', () => {
    const text = 'services: {\ns: {\nimage: i,\ncommand: "a\nb"}\n}\n'
    const { project, origins } = loadProject({
      files: memoryFiles({ '/p/compose.yaml': text }),
      workingDirectory: '/p',
      environment: {},
    })
    expect(project?.services.s?.image).toBe('i')
    const at = origins.get('/services/s/image')?.at(-1)
    const span = at?.kind === 'file' ? at.span : { start: 0, end: 0 }
    expect(text.slice(span.start, span.end)).toBe('i')
    expect(origins.get('/services/s/command')).toEqual([
      {
        kind: 'file',
        span: { file: 'compose.yaml', start: text.indexOf('"a'), end: text.indexOf('}\n}') },
      },
    ])
  })
})
