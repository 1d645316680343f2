import { type Bundle, mergeValues, resolveBundle } from '@landfall/kube'
import { helmProgram } from '@landfall/testkit/helm'
import { lintChart, objectsById, rendered, renderedAll } from '@landfall/testkit/helm-charts'
import { describe, expect, test } from 'vitest'
import { bundleWith, switchable } from '../../switches/test-profiles.ts'
import { oneAtATime, switchedOn } from '../../switches/with-profiles.ts'
import { changesIn, chartOf } from './test-changes.ts'

const helm = helmProgram()
const program = 'missing' in helm ? '' : helm.program

const on = (...profiles: string[]) => switchedOn(profiles.map((one) => ['profiles', one]))

function objectsOf(bundle: Bundle, values?: Record<string, unknown>) {
  return objectsById(resolveBundle(bundle, values).values())
}

describe.skipIf(program === '')(
  `the real helm${'missing' in helm ? ` (${helm.missing})` : ''}`,
  () => {
    const { bundle, offered } = switchable(['a.b', 'debug', 'joined'])
    const files = chartOf(bundle)

    test('a profile that is on makes what the project is with it', () => {
      expect(lintChart(program, files)).toBe('')
      const sets = [[], ...offered.map((one) => [one]), ['a.b', 'debug'], offered]
      const all = renderedAll(
        program,
        files,
        sets.map((set) => on(...set)),
      )
      for (const [index, set] of sets.entries())
        expect(all[index], set.join()).toEqual(objectsOf(bundleWith(set)))
    })

    test('each value is where it belongs with all profiles on, and with none', () => {
      const changes = changesIn(bundle).filter((_, index) => index % 3 === 0)
      const values = changes.flatMap((one) => [
        one.values,
        mergeValues(on(...offered), one.values) as Record<string, unknown>,
      ])
      const all = renderedAll(program, files, values)
      for (const [index, one] of values.entries())
        expect(all[index], changes[Math.floor(index / 2)]?.name).toEqual(objectsOf(bundle, one))
    })

    test('a secret of a profile is required where the profile is on', () => {
      const plain = chartOf(bundle, { withSecrets: false })
      const secrets = { DB_PASSWORD: 'a', POSTGRES_PASSWORD: 'b' }
      expect(Object.keys(rendered(program, plain, { secrets }))).not.toContain('Deployment/admin')
      expect(() => rendered(program, plain, { secrets, ...on('a.b') })).toThrow(
        /secrets\.OTHER_PASSWORD is not set: /,
      )
    })

    test('profiles of which one is on at a time are refused together, and others are no value', () => {
      expect(() => rendered(program, chartOf(oneAtATime(bundle)), on('debug', 'joined'))).toThrow(
        /profiles/,
      )
      expect(() => rendered(program, files, { profiles: { other: true } })).toThrow(/other/)
      expect(() => rendered(program, files, { profiles: { debug: 'yes' } })).toThrow(/debug/)
    })
  },
)
