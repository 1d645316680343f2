import { expect, test } from 'vitest'
import { convert } from '../test-conversion.ts'

const FILES = {
  '/shop/.git/config': '[core]',
  '/shop/.docker/config.json': '{}',
  '/shop/main.py': 'print()',
  '/shop/deep/.aws/credentials': '[default]',
  '/shop/id_rsa': 'x',
  '/shop/.npmrc': '//registry.npmjs.org/:_authToken=hop',
  '/shop/web/.npmrc': 'save-exact=true',
  '/shop/app/.git/config': '[core]',
}

function converted(volumes: string) {
  const compose = `services:\n  web:\n    image: nginx:1.22\n    volumes: ${volumes}\n`
  const { plan, diagnostics } = convert(compose, { files: FILES })
  return {
    paths: plan.services.flatMap(({ files }) =>
      files.flatMap((mount) =>
        mount.files.map(({ path, secret }) => path + (secret === true ? ' (Secret)' : '')),
      ),
    ),
    reported: diagnostics
      .filter(({ code }) => /left-out|credentials/.test(code))
      .map(({ message }) => message),
  }
}

test('the history and the credentials of a user are left out of a mounted project', () => {
  for (const mount of ['[".:/app:ro"]', '[".:/app"]']) {
    const { paths, reported } = converted(mount)
    expect(paths.filter((path) => !path.startsWith('compose') && !path.startsWith('app/'))).toEqual(
      [
        '.npmrc (Secret)',
        'deep/.aws/credentials (Secret)',
        'id_rsa (Secret)',
        'main.py',
        'web/.npmrc (Secret)',
      ],
    )
    expect(reported).toEqual([
      '. is deployed without .docker, .git',
      'a mounted directory contains credentials, which are deployed in a Secret: .npmrc, deep/.aws/credentials, id_rsa',
    ])
  }
})

test('what is mounted by its own path stays', () => {
  const { paths, reported } = converted(
    '["./.git:/app/.git:ro", "./.docker/config.json:/x.json:ro"]',
  )
  expect(paths).toEqual(['config', ' (Secret)'])
  expect(reported).toEqual([])
})

test('a directory that a program writes keeps its history: it may be data', () => {
  expect(converted('["./app:/app"]').paths).toContain('.git/config')
  expect(converted('["./app:/app:ro"]').paths).toEqual([])
})
