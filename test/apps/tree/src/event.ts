/** What every task of the tree is called with, and answers with. */
export interface TreeEvent {
  test: string;
}
