import { readFileSync } from 'node:fs'
import { sha256, tarArchive } from '../registry/index.ts'
import { pauseImage } from './node-files.ts'

/** The pods' sandbox image as an archive of `docker save`'s form: a layer with one program. */
export function pauseArchive(program: string): Buffer {
  const layer = tarArchive([
    { path: 'pause', type: 'file', content: readFileSync(program), mode: 0o755 },
  ])
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/pause'] },
    rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
  })
  const manifest = [{ Config: 'config.json', RepoTags: [pauseImage], Layers: ['layer.tar'] }]
  return tarArchive([
    { path: 'config.json', type: 'file', content: config },
    { path: 'layer.tar', type: 'file', content: layer },
    { path: 'manifest.json', type: 'file', content: JSON.stringify(manifest) },
  ])
}
