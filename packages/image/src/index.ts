/** Image metadata, read without a Docker daemon, and images that are pushed. */

export { askHeldImages } from './archive/ask-held-images.ts'
export { type HeldImages, openImages } from './archive/held-images.ts'
export type { ReadRange } from './archive/read-range.ts'
export { digestOf } from './blob.ts'
export type { ReadLimits } from './budget.ts'
export { type Ignores, parseIgnoreFile } from './build-context/ignore.ts'
export {
  type BuildContext,
  type DownloadContext,
  type GitContext,
  isRemote,
  parseBuildContext,
  type RemoteContext,
  shownContext,
  shownUrl,
} from './build-context/parse.ts'
export { type ImageCode, imageCodes } from './codes.ts'
export { copiedFiles } from './dockerfile/copied-files.ts'
export { type BuiltInto, copiedInto, type WantedCopy } from './dockerfile/copies.ts'
export { baseImageOf, dockerfileFacts } from './dockerfile/evaluate.ts'
export { type Dockerfile, type Instruction, parseDockerfile } from './dockerfile/parse.ts'
export { type PulledImage, pulledImages } from './dockerfile/pulled-images.ts'
export type { BuildOptions } from './dockerfile/stages.ts'
export { type AskEngine, askEngine } from './engine/ask-engine.ts'
export type { Accounts, ImageFacts, ImageHealthcheck } from './facts.ts'
export { LOCK_FILE, type Lock, type ParsedLock, parseLock, printLock } from './lock.ts'
export type { ContainerConfig, Image } from './push/content.ts'
export { copyImage } from './push/copy.ts'
export { compressLayer, type Layer, layerFile, layerOf } from './push/layer.ts'
export { manifestDigest, pushImage } from './push/push.ts'
export { type TarEntry, tarArchive } from './push/tar-archive.ts'
export type { AskImage, ImageAnswer, ImageQuestion } from './read-image.ts'
export { type ImageReference, parseImageReference, requireImageReference } from './reference.ts'
export { askRegistries } from './registry/ask-registries.ts'
export { type Credentials, findCredentials, type RunHelper } from './registry/credentials.ts'
export type { Fetch, FetchAnswer } from './registry/fetch.ts'
export { askPlainRegistry, lookUpImage } from './registry/plain-registry.ts'
export { registryAnswers } from './registry/reachable.ts'
export type { RegistryAccess } from './registry/registry.ts'
