import { expect, test } from 'vitest'
import { debianMirrors, debianServers, suiteSources } from './mirrors.ts'

test("the machine's own mirrors are found in both formats of apt's sources", () => {
  const lists = [
    '# deb http://old.example/debian bookworm main\ndeb [arch=amd64] http://near.example/debian/ bookworm main\n',
    'Types: deb\nURIs: http://near.example/debian-security\nSuites: bookworm-security\n',
  ]
  expect(debianMirrors(lists)).toEqual({
    archive: 'http://near.example/debian',
    security: 'http://near.example/debian-security',
  })
})

test("a machine of another distribution gets Debian's own servers", () => {
  expect(debianMirrors(['deb http://archive.example/ubuntu noble main\n'])).toEqual(debianServers)
})

test('a suite is fetched with its updates', () => {
  expect(suiteSources('trixie', debianServers, '/key.gpg')).toBe(
    `Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie trixie-updates
Components: main
Signed-By: /key.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: trixie-security
Components: main
Signed-By: /key.gpg
`,
  )
})
