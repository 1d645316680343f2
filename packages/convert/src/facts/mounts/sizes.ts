/** Bytes in one ConfigMap: plain `kubectl apply` keeps a copy in an annotation, which holds 262,144 in all. */
export const LARGEST_OBJECT = 240_000

/** Bytes of one mounted file or tree, before it is compressed. */
export const LARGEST_TREE: number = 8 * 1024 * 1024

/** Bytes of a Dockerfile or of its .dockerignore. */
export const LARGEST_DOCKERFILE: number = 256 * 1024

/** Files and directories of one mounted tree. */
export const MOST_ENTRIES = 10_000

/** Files that are listed one by one in a pod; more are unpacked from an archive, or the pod itself would be too large. */
export const MOST_LISTED = 200
