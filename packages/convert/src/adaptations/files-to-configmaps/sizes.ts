/** Bytes in one ConfigMap: plain `kubectl apply` keeps a copy in an annotation, which holds 262,144 in all. */
export const LARGEST_OBJECT = 240_000

/** Bytes of one mounted tree. */
export const LARGEST_TREE: number = 8 * 1024 * 1024
