import { mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { HostTools } from '../cache/host-tools.ts'
import { clusterPaths } from '../cluster/paths.ts'
import { proxyMode } from './proxy-mode.ts'

test('without iptables the rules of Services are those of nftables', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'landfall-proxy-mode-'))
  symlinkSync('/usr/bin/unshare', join(bin, 'unshare'))
  const paths = clusterPaths({
    name: 'x',
    nodes: 1,
    cacheDirectory: bin,
    stateDirectory: bin,
  })
  const tools: HostTools = {
    ...{ containerd: '', ctr: '', cni: '', registry: '' },
    env: { PATH: bin },
  }
  expect(await proxyMode(paths, tools)).toBe('nftables')
})
