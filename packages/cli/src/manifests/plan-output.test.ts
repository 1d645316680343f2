import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generatedAs, withHeader } from './header.ts'
import { type Existing, isCurrent, planOutput } from './plan-output.ts'

const web = 'kind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n'
const manifests = new Map([['web.yaml', web]])
const files = (texts: Record<string, string>): Map<string, Existing> =>
  new Map(Object.entries(texts).map(([name, text]) => [name, { readable: true, text }]))
const planned = (texts: Record<string, string>, given = manifests, force = false) => {
  const plan = planOutput(files(texts), given, force)
  const { write, same, remove, keep } = plan
  return {
    write: [...write.keys()],
    same: [...same.keys()],
    remove,
    keep: keep.map(({ file, reason }) => `${file} ${reason}`),
    current: isCurrent(plan),
  }
}
const nothing = { write: [], same: [], remove: [], keep: [], current: true }
const written = withHeader('web.yaml', web)
const edited = written.replace('replicas: 1', 'replicas: 3')
const next = new Map([['web.yaml', web.replace('web', 'web2')]])

test.each<[string, ReturnType<typeof planned>, Partial<ReturnType<typeof planned>>]>([
  ['a new file', planned({}), { write: ['web.yaml'] }],
  ['the same again', planned({ 'web.yaml': written }), { same: ['web.yaml'] }],
  ['another content', planned({ 'web.yaml': written }, next), { write: ['web.yaml'] }],
  ['changed by hand', planned({ 'web.yaml': edited }), { keep: ['web.yaml changed'] }],
  [
    'changed by hand and in the project',
    planned({ 'web.yaml': edited }, next),
    { keep: ['web.yaml outdated'], current: false },
  ],
  ['--force', planned({ 'web.yaml': edited }, next, true), { write: ['web.yaml'] }],
  [
    'a file of others with the name of ours',
    planned({ 'web.yaml': 'kind: Pod\n' }),
    { keep: ['web.yaml foreign'], current: false },
  ],
  ['the content without its line', planned({ 'web.yaml': web }), { write: ['web.yaml'] }],
  ['an empty file', planned({ 'web.yaml': '' }), { write: ['web.yaml'] }],
  [
    'line breaks of Windows',
    planned({ 'web.yaml': written.replaceAll('\n', '\r\n') }, next),
    { write: ['web.yaml'] },
  ],
  [
    'a comment above the line',
    planned({ 'web.yaml': `# Copyright\n${written}` }, next),
    { keep: ['web.yaml outdated'], current: false },
  ],
  [
    'no longer generated',
    planned({ 'old.yaml': withHeader('old.yaml', web) }, new Map()),
    { remove: ['old.yaml'] },
  ],
  [
    'no longer generated and changed by hand, also with --force',
    planned({ 'web.yaml': edited }, new Map(), true),
    { keep: ['web.yaml abandoned'], current: false },
  ],
  ['a copy under another name', planned({ 'mine.yaml': written, 'x.yaml': edited }, new Map()), {}],
  ['files of others', planned({ 'kustomization.yaml': 'resources: []\n' }, new Map()), {}],
])('%s', (_, plan, expected) => {
  expect(plan).toEqual({ ...nothing, ...expected })
})

test('what cannot be read as a file is left, also with --force', () => {
  const link: Existing = { readable: false, why: 'is a symbolic link' }
  const { keep, write } = planOutput(new Map([['web.yaml', link]]), manifests, true)
  expect(keep).toEqual([{ file: 'web.yaml', reason: 'foreign', what: 'is a symbolic link' }])
  expect(write.size).toBe(0)
})

test('a merge by hand is done when the first line is that of the new content', () => {
  const [first] = withHeader('web.yaml', next.get('web.yaml') as string).split('\n')
  const merged = `${first}\n${web.replace('web', 'web2').replace('replicas: 1', 'replicas: 3')}`
  expect(planned({ 'web.yaml': merged }, next)).toEqual({ ...nothing, keep: ['web.yaml changed'] })
})

test('the difference is what --force would do; of private kinds it is counted and not shown', () => {
  const diffOf = (now: string, to: string) =>
    planOutput(files({ 'web.yaml': now }), new Map([['web.yaml', to]]), false).keep[0]?.diff
  expect(diffOf(edited, web)).toEqual({
    added: 1,
    removed: 1,
    hunk: ['@@ -3,3 +3,3 @@', '   name: web', ' spec:', '-  replicas: 3', '+  replicas: 1'],
  })
  for (const kind of ['Secret', '"Secret"', 'ConfigMap', 'List'])
    expect(diffOf(`kind: ${kind}\npassword: x\n`, web)).toEqual({ added: 5, removed: 2 })
  expect(diffOf(edited, 'kind: Secret\n')?.hunk).toBeUndefined()
})

test('the line of a file depends on its name and all of its content', () => {
  expect(generatedAs('web.yaml', written)?.state).toBe('unchanged')
  expect(generatedAs('other.yaml', written)).toBeUndefined()
  expect(generatedAs('web.yaml', written.replace('# Gen', '#  Gen'))).toBeUndefined()
  for (const changed of [
    `${written}\n`,
    written.replace(/sha256:.../, 'sha256:'),
    written.replace(' 1', '  1'),
    `\n${written}`,
  ])
    expect(generatedAs('web.yaml', changed)?.state).toBe('changed')
})

test('a run that was killed after any of its steps is completed by the next one, also of a project that has changed', () => {
  const names = fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml', 'd.yaml')
  const project = fc.dictionary(names, fc.constantFrom('x: 1\n', 'x: 2\n', ''))
  const apply = (before: Map<string, string>, given: Record<string, string>, steps: number) => {
    const plan = planOutput(
      files(Object.fromEntries(before)),
      new Map(Object.entries(given)),
      false,
    )
    expect(plan.keep).toEqual([])
    const all: [string, string | undefined][] = [
      ...plan.write,
      ...plan.remove.map((name): [string, undefined] => [name, undefined]),
    ]
    const after = new Map(before)
    for (const [name, text] of all.slice(0, steps))
      if (text === undefined) after.delete(name)
      else after.set(name, text)
    return after
  }
  fc.assert(
    fc.property(project, project, project, fc.nat(6), (first, second, third, steps) => {
      const killed = apply(apply(new Map(), first, 9), second, steps)
      for (const next of [second, third])
        expect([...apply(killed, next, 9)].sort()).toEqual([...apply(new Map(), next, 9)].sort())
    }),
    { numRuns: 200 },
  )
})
