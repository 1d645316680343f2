import { renderDiagnostics } from '@landfall/diagnostic'
import { expect, test } from 'vitest'
import { allSites as all } from '../test-sites.ts'

test.each([
  ['site_id\n1\n', 'a.csv:1:1', 'the first line has no column "name"'],
  ['name,b\na-1\n', 'a.csv:2:1', 'the line has 1 value for 2 columns'],
  ['name\na-1,1\n', 'a.csv:2:1', 'the line has 2 values for 1 column'],
  ['', 'a.csv:1:1', 'the file has no line'],
  ['Name\na-1\n', 'a.csv:1:1', 'the first line has no column "name"'],
  ['name;b\na-1;1\n', 'a.csv:1:1', 'the first line has no column "name"'],
  ['name,b,b\na-1,1,2\n', 'a.csv:1:8', 'the column "b" is there twice'],
  ['name,b,\na-1,1,\n', 'a.csv:1:8', 'a column has no name'],
  ['name,number\na-1,1\n', 'a.csv:2:5', '"number" cannot be a column'],
  ['name,latitude\na-1,"35,6"\n', 'a.csv:2:5', 'latitude "35,6" is not a number from -90 to 90'],
  ['name,longitude\na-1,181\n', 'a.csv:2:5', 'longitude "181" is not a number from -180 to 180'],
  ['name,b\n,1\n', 'a.csv:2:1', 'a row has no name of a site'],
  ['name,b\r\n\r\na-1,"x" y\r\n', 'a.csv:3:9', 'a comma is missing after a quoted value'],
  ['name,b\na-1,"x\n', 'a.csv:2:5', 'a quote is not closed'],
  ['name,b\na-1,1\na-9,2\n', 'a.csv:3:1', 'a-9 is not one of "a-{1..1}"'],
  ['name,b\na-1,1\na-1,2\n', 'a.csv:3:1', 'a-1 is there twice'],
])('a file of sites: %j', (text, place, message) => {
  const { printed } = all('sites: { "a-{1..1}": { from: a.csv } }\n', { '/fog/a.csv': text })
  expect(printed).toHaveLength(1)
  expect(printed[0]).toContain(`${place}: error: ${message}`)
})

test('a file of sites as spreadsheets write it', () => {
  const { sites, printed } = all('sites: { "a-{1..2}": { from: a.csv } }\n', {
    '/fog/a.csv': '\uFEFF"name","b" , c\r\n\r\na-1, "1,0" ,x"y\r\n"a-2","2\n""3""",\r\n\r\n',
  })
  expect(printed).toEqual([])
  expect(sites.map(({ facts: { b, c } }) => [b, c])).toEqual([
    ['1,0', 'x"y'],
    ['2\n"3"', undefined],
  ])
})

test('a value that a row leaves empty is reported in the row, and one that no row has, once for all sites', () => {
  const set = 'files: { ./config.json: { set: { /a: { site: b }, /c: { site: c } } } }'
  const { diagnostics, sources } = all(`${set}\nsites: { "a-{1..3}": { from: a.csv } }\n`, {
    '/fog/a.csv': 'name,b\na-1,1\na-2,\na-3,3\n',
  })
  const lines = renderDiagnostics(diagnostics, sources, { paint: (_, text) => text })
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/the sites a-1, a-2, a-3 have no value "c"/)
  expect(lines[1]).toMatch(/^a\.csv:3:5: error: the site a-2 has no value "b"/)
})

test('a file of sites that is not in UTF-8', () => {
  const { printed } = all('sites: { "a-{1..1}": { from: a.csv } }\n', {
    '/fog/a.csv': Buffer.from('\uFEFFname\na-1\n', 'utf16le'),
  })
  expect(printed).toEqual([expect.stringContaining('a.csv is not in UTF-8')])
})

test('a file of sites that has changed is read again, and its problems are those of every reading', () => {
  const settings = 'sites: { "a-{1..1}": { from: a.csv } }\n'
  const valueIn = (text: string) => all(settings, { '/fog/a.csv': text }).sites[0]?.facts.b
  expect(['1', '2', '2'].map((value) => valueIn(`name,b\na-1,${value}\n`))).toEqual(['1', '2', '2'])
  const twice = 'name,b\na-1,1\na-1,2\n'
  const [first, second] = [0, 1].map(() => all(settings, { '/fog/a.csv': twice }).printed)
  expect(first).toHaveLength(1)
  expect(second).toEqual(first)
})
