/** Why something is decided as it is: a code for programs, which never changes, and its text for people. */
export interface Because {
  /** `workload-kind/declared` */
  readonly code: string
  /** One line, which completes "because". */
  readonly text: string
}
