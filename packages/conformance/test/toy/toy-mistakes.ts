/** Kinds of mistakes that cannot be added around the finished provider. */
export interface ToyMistakes {
  readonly readsOnlyTheFirstPage?: boolean;
  readonly repeatsBlindly?: boolean;
  readonly forgetsLostAnswers?: boolean;
  readonly givesUpAtRateLimits?: boolean;
  readonly showsEverything?: "secrets" | "control characters";
  readonly ignoresAborts?: boolean;
  readonly registersNoSecret?: boolean;
  readonly comparesBeginnings?: boolean;
  readonly remembersInMemory?: boolean;
  readonly overlooksTwins?: boolean;
  readonly trustsDeletes?: boolean;
  readonly provesVolumesEarly?: boolean;
  readonly failsWhenGone?: boolean;
  readonly failsWhenNeverCreated?: boolean;
  readonly ignoresThePrice?: boolean;
  readonly ignoresStopSignal?: boolean;
  readonly ignoresRefusals?: boolean;
  readonly needsOneLook?: boolean;
  readonly guessesStates?: boolean;
  readonly takesErrorsForGone?: number;
  readonly provesOnErrors?: number;
}
