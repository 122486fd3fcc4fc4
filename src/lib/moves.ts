/**
 * One table of moves per lifecycle: the drawing, the type, the check and the SQL guard all come from it.
 * `from` lists the states a row may be in to become `to`, for `… where state in (…)`: zero rows updated means
 * "too late" or "twice", which is ordinary.
 */
export type Moves<State extends string> = Record<State, readonly State[]>;

export const mayMove = <State extends string>(moves: Moves<State>, from: State, to: State): boolean =>
  moves[from].includes(to);

export const statesBefore = <State extends string>(moves: Moves<State>, to: State): State[] =>
  (Object.keys(moves) as State[]).filter((from) => moves[from].includes(to));
