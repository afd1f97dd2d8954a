/** How a text feels: the lexicon's judgement of each clause, brought into the four shares that Comprehend answers. */
import type { SentimentScore, SentimentType } from "@aws-sdk/client-comprehend";
import vader from "vader-sentiment";

interface Judgement {
  readonly Sentiment: SentimentType;
  readonly SentimentScore: Required<SentimentScore>;
}

/** The lexicon's own threshold: below it a text is neutral. */
const NEUTRAL_BELOW = 0.05;
/** A clause this strong, and one as strong the other way, make a text mixed. */
const MIXED_FROM = 0.3;
/** What no lexicon can rule out is shared among the other feelings. */
const DOUBT = 0.02;

/** Shares add up to 1; the largest one is the sentiment. */
export function sentimentOf(text: string): Judgement {
  const { best, worst } = clausesOf(text).reduce(
    (extremes, clause) => {
      const score = compoundOf(clause);
      return { best: Math.max(extremes.best, score), worst: Math.min(extremes.worst, score) };
    },
    { best: 0, worst: 0 },
  );
  const overall = compoundOf(text);
  const strength = Math.min(best, -worst);
  const mixed = strength >= MIXED_FROM ? 0.5 + strength / 2 : DOUBT;
  const feeling = Math.abs(overall) < NEUTRAL_BELOW ? Math.abs(overall) : 0.55 + 0.45 * Math.abs(overall);
  const rest = 1 - mixed;
  const plain = rest * feeling * (1 - DOUBT);
  const other = rest * DOUBT;
  const shares = {
    Mixed: mixed,
    Positive: overall >= 0 ? plain : other,
    Negative: overall >= 0 ? other : plain,
    Neutral: rest - plain - other,
  };
  const [[largest] = ["Neutral"]] = Object.entries(shares).sort(([, a], [, b]) => b - a);
  // The four names in capitals are the four kinds of sentiment.
  return { Sentiment: largest.toUpperCase() as SentimentType, SentimentScore: shares };
}

const clausesOf = (text: string): readonly string[] => text.split(/[.!?;\n]+|,?\s+\b(?:but|however|although)\b/i);

const compoundOf = (text: string): number => vader.SentimentIntensityAnalyzer.polarity_scores(text).compound;
