/** What a text is that holds a secret of another place of the project. */
export const SECRET_ELSEWHERE = 'a value that is secret elsewhere'
