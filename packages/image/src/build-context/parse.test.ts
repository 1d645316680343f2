import { describe, expect, test } from 'vitest'
import { type GitContext, parseBuildContext } from './parse.ts'

const sha = 'a'.repeat(40)

describe('a Git repository', () => {
  test.each([
    ['https://h.io/u/r.git', 'https://h.io/u/r.git', undefined, undefined],
    ['https://h.io/u/r.git#main', 'https://h.io/u/r.git', 'main', undefined],
    ['https://h.io/u/r.git#main:a/b/', 'https://h.io/u/r.git', 'main', 'a/b'],
    ['https://h.io/u/r.git#:./a', 'https://h.io/u/r.git', undefined, 'a'],
    [`https://h.io/u/r.git#${sha}`, 'https://h.io/u/r.git', sha, undefined],
    ['github.com/u/r', 'https://github.com/u/r', undefined, undefined],
    ['github.com/u/r#refs/pull/1/head', 'https://github.com/u/r', 'refs/pull/1/head', undefined],
    ['git@h.io:u/r.git#v1:d', 'git@h.io:u/r.git', 'v1', 'd'],
    ['ssh://git@h.io:22/u/r', 'ssh://git@h.io:22/u/r', undefined, undefined],
    ['git://h.io/r', 'git://h.io/r', undefined, undefined],
    ['https://h.io/r.git?branch=a&subdir=d', 'https://h.io/r.git', 'refs/heads/a', 'd'],
    [`https://h.io/r.git?tag=v1&commit=${sha}`, 'https://h.io/r.git', sha, undefined],
  ])('%s', (text, url, ref, subdirectory) => {
    const { shown: _, key: __, ...context } = parseBuildContext(text) as GitContext
    expect({ ref: undefined, subdirectory: undefined, ...context }).toEqual({
      ...{ kind: 'git', url, ref, subdirectory },
    })
  })
})

test.each([
  'https://h.io/x.tar.gz',
  'http://h.io/x',
  'https://github.com/u/r/archive/refs/heads/main.tar.gz',
])('%s is downloaded', (text) => {
  expect(parseBuildContext(text)).toMatchObject({ kind: 'download', url: text })
})

test.each([
  ['/a/b', { kind: 'directory', path: '/a/b' }],
  ['./a:b', { kind: 'directory', path: './a:b' }],
  ['docker-image://redis:7', { kind: 'image', image: 'redis:7' }],
  ['service:base', { kind: 'service', service: 'base' }],
])('%s is none that is fetched', (text, expected) => {
  expect(parseBuildContext(text)).toEqual(expected)
})

test.each([
  ['file:///etc', 'build contexts of the kind file are not fetched'],
  ['ext::sh -c touch% /tmp/x', 'build contexts of the kind ext are not fetched'],
  ['oci-layout:///x', 'build contexts of the kind oci-layout are not fetched'],
  ['git+file:///x', 'build contexts of the kind git+file are not fetched'],
  ['https://h.io/r.git#--upload-pack=x', '"--upload-pack=x" is not a valid ref'],
  ['https://h.io/r.git#a..b', '"a..b" is not a valid ref'],
  ['https://h.io/r.git#main:../x', 'the directory "../x" is not in the repository'],
  ['https://h.io/r.git#main:.git/hooks', 'the directory ".git/hooks" is not in the repository'],
  ['https://h.io/r.git?depth=1', '"depth" is not an option of a repository'],
  ['https://github.com/u/r#main', 'https://github.com/u/r#main is a web page'],
  ['https://', 'https:// is not a valid address'],
  ['ssh://-oProxyCommand=x/r', 'ssh://-oProxyCommand=x/r is not a valid address'],
])('%s is invalid', (text, problem) => {
  expect(parseBuildContext(text)).toMatchObject({ kind: 'invalid', problem })
})

describe('passwords and queries are not in texts and keys', () => {
  test.each([
    'https://user:hunter2@h.io/r.git#main:d',
    'https://hunter2@h.io/r.git',
    'ssh://git:hunter2@h.io/r.git',
    'https://h.io/x.tar.gz?token=hunter2',
    'https://u:hunter2@h.io/x.tar.gz',
    'https://h.io/r.git?hunter2=x',
    'file://u:hunter2@h/x',
  ])('%s', (text) => {
    const { shown, ...rest } = parseBuildContext(text) as { shown: string; key?: string }
    expect(`${shown} ${rest.key}`).not.toContain('hunter2')
  })

  test('downloads that differ in their queries have keys of their own', () => {
    const keyOf = (text: string) => (parseBuildContext(text) as { key?: string }).key
    expect(keyOf('https://h.io/get?f=a')).not.toBe(keyOf('https://h.io/get?f=b'))
  })
})
