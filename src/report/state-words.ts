import { type MessageState, STATE_WORDS } from "../message/message.ts";
import { sayReason } from "../message/reasons.ts";
import type { StateWords } from "../roster/show-household.ts";
import { SUGGESTION_STATE_WORDS, type SuggestionState } from "../suggestion/suggestion.ts";

/** What the roster's pages say of texts and cases, in the words of folders that it may not import. */
export const STATE_WORDS_OF_A_DOOR: StateWords = {
  text(state, reason) {
    const why = sayReason(state as MessageState, reason);
    return `${STATE_WORDS[state as MessageState]}${why ? `：${why}` : ""}`;
  },
  case: (state) => SUGGESTION_STATE_WORDS[state as SuggestionState],
};
