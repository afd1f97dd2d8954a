# __app__

Greets whoever is named in a message. Replace this by what your app does and for whom, in two sentences.

```mermaid
flowchart LR
  somebody -- message --> Guests[(Guests)]
  Guests --> Greet
  Greet -- cannot be handled --> DeadLetters[(DeadLetters)]
```

## Deploy

```sh
npm run sam -- __app__ build
npm run sam -- __app__ deploy
```

## Try

On your laptop: `npm run demo -- __app__`, or one function:
`npm run invoke -- __app__ Greet --event events/__app__/greet.json`. In an account, send `{"name":"Ada"}` to the queue of the output
`Guests`.

## Observe

Function logs are JSON lines with a correlation id. The metric `Greetings` counts guests. An alarm rings when a message is put aside;
`AlarmEmail` says whom.

## Cost

| what | idle, a month | 1,000 messages |
| --- | --- | --- |
| Lambda, SQS, logs | 0 | under 0.01 USD |

## Remove

`npm run sam -- __app__ delete`. Nothing is left behind.
