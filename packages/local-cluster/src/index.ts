export { assetDirectory } from './assets.ts'
export type * from './contract.ts'
export {
  type DebianPackage,
  type UnpackOptions,
  unpackDebianPackages,
  unpackedPackages,
} from './debian.ts'
