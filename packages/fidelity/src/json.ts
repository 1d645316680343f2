// biome-ignore lint/suspicious/noExplicitAny: objects are read as they are, whoever wrote them
export type Json = any
