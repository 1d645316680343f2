import { type Bundle, FILLED_FROM_ANNOTATION, type KubeObject } from '@landfall/kube'
import { expect, test } from 'vitest'
import { resetFilesOf } from './reset-files.ts'

const workload = (kind: string, trees: string[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'x', annotations: { [FILLED_FROM_ANNOTATION]: JSON.stringify(trees) } },
})

const bundle = {
  objects: new Map([
    ['deployment/app', workload('Deployment', ['./config', './data/db', '../shared'])],
    ['job/once', workload('Job', ['./seeds'])],
  ]),
} as unknown as Bundle

const places = { projectDirectory: '/home/me/shop', cwd: '/home/me' }
const pathsOf = (...paths: string[]) => resetFilesOf(paths, bundle, places).paths

test.each([
  ['./config', ['./config']],
  ['config/', ['./config']],
  ['./config/app.ini', ['./config/app.ini']],
  ['/home/me/shop/config', ['./config']],
  ['shop/config/app.ini', ['./config/app.ini']],
  ['./data', ['./data/db']],
  ['.', ['./config', './data/db']],
  ['../shared/x', ['../shared/x']],
])('%s', (path, paths) => {
  expect(pathsOf(path)).toEqual(paths)
})

test('several paths, each once', () => {
  expect(pathsOf('./config', 'config', './data/db/x')).toEqual(['./config', './data/db/x'])
})

test('a path that fills no volume is an error with the paths that do', () => {
  expect(() => pathsOf('./nothing')).toThrow('no volume is filled from ./nothing')
  expect(() => pathsOf('./seeds')).toThrow(
    expect.objectContaining({ hint: 'volumes are filled from ../shared, ./config, ./data/db' }),
  )
})
