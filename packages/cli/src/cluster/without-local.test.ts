import { expect, test } from 'vitest'
import { withoutLocal } from './without-local.ts'

const root = {
  name: 'root',
  missing: 'a local cluster needs root to create namespaces, a bridge and mounts',
  hint: 'run the command with sudo',
}
const go = { name: 'go', missing: 'Go is not installed', hint: 'install Go from https://go.dev/dl' }
const linux = {
  name: 'linux',
  missing: 'a local cluster needs Linux; this machine runs macOS',
  hint: 'use a Linux machine or virtual machine, or another cluster with --context',
}

test('Linux without root and Go, with contexts and kind', () => {
  const machine = {
    platform: 'linux',
    programs: new Set(['kind']),
    contexts: ['kind-dev', 'prod'],
  } as const
  expect(
    withoutLocal([root, go], machine),
  ).toBe(`a local cluster (--local) cannot run on this machine:
  a local cluster needs root to create namespaces, a bridge and mounts
    run the command with sudo
  Go is not installed
    install Go from https://go.dev/dl
What works on this machine:
  landfall check | plan | convert  no cluster needed: findings, decisions, manifests
  landfall up --context kind-dev   a cluster of your kubeconfig: kind-dev, prod
  kind create cluster              starts a cluster on this machine; then \`landfall up\` without --local`)
})

test('macOS without any cluster', () => {
  const machine = { platform: 'darwin', programs: new Set<string>(), contexts: [] } as const
  expect(withoutLocal([linux], machine)).toBe(`a local cluster (--local) cannot run on this machine:
  a local cluster needs Linux; this machine runs macOS
    use a Linux machine or virtual machine, or another cluster with --context
What works on this machine:
  landfall check | plan | convert         no cluster needed: findings, decisions, manifests
  landfall up                             a cluster that kubectl can use: set KUBECONFIG, or install Docker Desktop, Rancher Desktop, minikube or kind
  limactl start && limactl shell default  a Linux virtual machine (Lima); --local works in it with sudo`)
})

test('Windows names WSL; many contexts are cut; the screen is short', () => {
  const machine = {
    platform: 'win32',
    programs: new Set(['minikube']),
    contexts: ['a', 'b', 'c', 'd', 'e', 'f'],
  } as const
  const screen = withoutLocal([linux], machine)
  expect(screen).toContain('wsl --install')
  expect(screen).toContain('a cluster of your kubeconfig: a, b, c, d, e, …')
  expect(screen.split('\n').length).toBeLessThan(24)
})
