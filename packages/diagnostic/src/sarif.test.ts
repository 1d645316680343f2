import type { Log } from 'sarif'
import { expect, test } from 'vitest'
import { type Diagnostic, type SarifLog, toSarif } from './index.ts'

const text = 'services:\n  web:\n    imagee: nginx\n'
const sources = new Map([
  ['my shop/compose.yaml', text],
  ['/srv/base.yaml', text],
])
const place = (file: string) => {
  return { file, start: text.indexOf('imagee'), end: text.indexOf(': nginx') }
}
const unknownKey: Diagnostic = {
  code: 'compose/unknown-key',
  severity: 'error',
  message: '"imagee" is not a known key',
  path: '/services/web/imagee',
  at: place('my shop/compose.yaml'),
  related: [{ message: 'also here', at: place('/srv/base.yaml') }],
  hint: 'Did you mean "image"?',
}
const rules = { 'compose/unknown-key': 'A key is not known.', 'compose/no-file': 'No file.' }
const region = { startLine: 3, startColumn: 5, endLine: 3, endColumn: 11 }

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> }

function reported(...diagnostics: Diagnostic[]) {
  const tool = { name: 'landfall', version: '1.0.0' }
  // The type of the SARIF specification: what does not fit it does not compile.
  const log: Log = toSarif(diagnostics, sources, tool, rules) as Writable<SarifLog>
  const [run] = log.runs
  return run
}

test('a result has its rule, its level, its place with a relative URI, and what to do', () => {
  expect(reported(unknownKey)?.results).toEqual([
    {
      ruleId: 'compose/unknown-key',
      ruleIndex: 0,
      level: 'error',
      message: { text: '"imagee" is not a known key\nDid you mean "image"?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'my%20shop/compose.yaml', uriBaseId: 'SRCROOT' },
            region,
          },
          logicalLocations: [{ fullyQualifiedName: 'services.web.imagee' }],
        },
      ],
      relatedLocations: [
        {
          id: 0,
          message: { text: 'also here' },
          physicalLocation: { artifactLocation: { uri: 'file:///srv/base.yaml' }, region },
        },
      ],
    },
  ])
})

test('the rules that were met are documented, each once, and results point at theirs', () => {
  const noFile: Diagnostic = {
    code: 'compose/no-file',
    severity: 'error',
    message: 'there is no Compose file',
    path: '',
  }
  const run = reported(unknownKey, noFile, unknownKey)
  expect(run?.tool.driver.rules).toEqual([
    {
      id: 'compose/no-file',
      shortDescription: { text: 'No file.' },
      help: { text: 'No file.' },
    },
    {
      id: 'compose/unknown-key',
      shortDescription: { text: 'A key is not known.' },
      help: { text: 'A key is not known.' },
    },
  ])
  expect(run?.results?.map(({ ruleIndex }) => ruleIndex)).toEqual([1, 0, 1])
  expect(run?.results?.[1]).not.toHaveProperty('locations')
})

test('without a problem the log is there all the same', () => {
  expect(reported()?.results).toEqual([])
})
