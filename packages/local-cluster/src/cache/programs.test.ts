import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { assetDirectory } from './assets.ts'
import { inputHash, kubernetesVersion } from './programs.ts'

const folder = mkdtempSync(join(tmpdir(), 'landfall-programs-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the key of a program changes with its text, its file names and its flags', () => {
  writeFileSync(join(folder, 'main.go'), 'package main')
  const first = inputHash(folder, ['go1.26'])
  expect(inputHash(folder, ['go1.26'])).toBe(first)
  expect(inputHash(folder, ['go1.27'])).not.toBe(first)
  writeFileSync(join(folder, 'main.go'), 'package main // other')
  expect(inputHash(folder, ['go1.26'])).not.toBe(first)
})

test('every Kubernetes module has the version that the programs say they are', () => {
  const goMod = readFileSync(join(assetDirectory('programs'), 'kube/go.mod'), 'utf8')
  expect(goMod).toContain(`k8s.io/kubernetes v${kubernetesVersion}\n`)
  const replaced = [...goMod.matchAll(/k8s\.io\/\S+ => k8s\.io\/\S+ (v\S+)/g)].map(([, v]) => v)
  expect(new Set(replaced)).toEqual(new Set([`v0.${kubernetesVersion.slice(2)}`]))
})
