import { expect, test } from 'vitest'
import { reachOf, rulesOf } from './rules.ts'

const reach = (resources: string[], verbs: string[], names?: string[]) =>
  rulesOf({ resources, verbs, ...(names && { resourceNames: names }) }).rules.map(reachOf)

test.each([
  [['pods'], ['get', 'list', 'watch', 'delete']],
  [['configmaps'], ['*']],
  [['roles'], ['create']],
  [['pods/log'], ['get']],
])('%j with %j is no more than it says', (resources, verbs) => {
  expect(reach(resources, verbs)).toEqual([undefined])
})

test('a Secret that is named is the only one', () => {
  expect(reach(['secrets'], ['get'], ['one'])).toEqual([undefined])
  expect(reach(['secrets'], ['list'])).toEqual([expect.stringContaining('read all Secrets')])
})

test.each([
  [['pods'], ['create']],
  [['pods/exec'], ['*']],
  [['cronjobs'], ['patch']],
])('%j with %j runs any program', (resources, verbs) => {
  expect(reach(resources, verbs)).toEqual([expect.stringContaining('run any program')])
})

test.each([
  ['rolebindings', 'bind'],
  ['roles', 'escalate'],
  ['serviceaccounts', 'impersonate'],
])('%s with %s is every right', (resource, verb) => {
  expect(reach([resource], [verb])).toEqual([expect.stringContaining('any right')])
})

test('a rule for everything is every right', () => {
  const { rules } = rulesOf({ apiGroups: ['*'], resources: ['*'], verbs: ['*'] })
  expect(rules.map(reachOf)).toEqual([expect.stringContaining('any right')])
})
