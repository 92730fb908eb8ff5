/** Ways to break the code, as somebody might who does not know why it is as it is. */
export type Mutation = {
  readonly name: string;
  readonly file: string;
  /** Each stands in the file once, and is replaced. */
  readonly changes: readonly (readonly [find: string, replace: string])[];
};

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "confirm before the handler runs",
    file: "src/core/processor.ts",
    changes: [
      [
        "    const { failure, left } = await this.#attempt(",
        "    await this.#store(event, true);\n    const { failure, left } = await this.#attempt(",
      ],
    ],
  },
  {
    name: "confirm after the handler, even if it failed",
    file: "src/core/processor.ts",
    changes: [
      [
        "    if (failure) return endedAs(",
        "    if (failure) await this.#store(event, true);\n    if (failure) return endedAs(",
      ],
    ],
  },
  {
    name: "complete the job before the success is stored",
    file: "src/core/processor.ts",
    changes: [
      [
        "const { isLost = false } = await this.#store(event, true, started, left);",
        "const isLost = false;\n    setTimeout(() => void this.#store(event, true), 50);",
      ],
    ],
  },
  {
    name: "run a restarted job again although its earlier run succeeded",
    file: "src/core/processor.ts",
    changes: [["if (startedBefore && (await inbox.ran(event))) {", "if (startedBefore && !inbox) {"]],
  },
  {
    name: "run the handler again when only the archive failed",
    file: "src/core/processor.ts",
    changes: [["startedBefore ? await sink?.notes.succeededIn(event) : undefined", "undefined"]],
  },
  {
    name: "count an event as handled although the archive failed",
    file: "src/core/processor.ts",
    changes: [["const failure = sink && (await this.#pour(", "const failure = sink && void (await this.#pour("]],
  },
  {
    name: "start a second run of a job that is running here",
    file: "src/core/runs.ts",
    changes: [["const known = this.#runs.get(key);", "const known = this.#runs.get(`${key} forgotten`);"]],
  },
  {
    name: "let one run confirm several identical events",
    file: "src/core/runs.ts",
    changes: [["isLost && (await options.takeOver())", "await options.takeOver()"]],
  },
  {
    name: "do not store a lost success for an event that came back under its old id",
    file: "src/core/runs.ts",
    changes: [["isLost && (await", "isLost && known.id !== event.id && (await"]],
  },
  {
    name: "treat a run as lost although its event was confirmed",
    file: "src/ledger/lua/records.lua",
    changes: [["return not born or tonumber(born) > now - ranForMs", "return true"]],
  },
  {
    name: "complete waiting jobs without a run when the process stops",
    file: "src/core/processor.ts",
    changes: [
      [
        'if (stopping.aborted) return endedAs({ kind: "returned" });',
        'if (stopping.aborted) return endedAs({ kind: "dropped" });',
      ],
    ],
  },
  {
    name: "identify an event by its receipt instead of its content",
    file: "src/vendors/tencent-vod/pull/source.ts",
    changes: [["fingerprint(name, identityOf(body))", "fingerprint(name, receipt)"]],
  },
  {
    name: "use BullMQ's default lock and stall settings",
    file: "src/queue/worker.ts",
    changes: [
      ["const LOCK_MS = 10_000;", "const LOCK_MS = 30_000;"],
      ["const STALLED_CHECK_MS = 1_500;", "const STALLED_CHECK_MS = 30_000;"],
      ["maxStalledCount: Number.MAX_SAFE_INTEGER", "maxStalledCount: 1"],
    ],
  },
  {
    name: "keep the old receipt at a redelivery",
    file: "src/ledger/lua/accept.lua",
    changes: [
      [
        "write(r, 'receipt', d.receipt, 'receiptHash', d.hash, 'openUntil', openUntil, 'closedFrom', closedFrom,\n    'absent', '0', 'extending', '0', 'givenTwice', '0')",
        "write(r, 'absent', '0', 'extending', '0', 'givenTwice', '0')",
      ],
    ],
  },
  {
    name: "treat an identical event inside the window as a redelivery",
    file: "src/ledger/lua/accept.lua",
    changes: [["if unconfirmed and (stale or from < r.returnsFrom) then", "if unconfirmed and stale then"]],
  },
  {
    name: "forget an event as soon as it is confirmed",
    file: "src/ledger/lua/accept.lua",
    changes: [["elseif stale or sent <= (confirmedAt[r.fp] or -1) then", "elseif stale then"]],
  },
  {
    name: "do not restore a missing job at a redelivery",
    file: "src/ledger/lua/accept.lua",
    changes: [
      ["if redis.call('EXISTS', jobKey(id)) == 1 then return say('renew', id) end\n  add(id, d)", "say('renew', id)"],
    ],
  },
  {
    name: "store an event without its job",
    file: "src/ledger/lua/accept.lua",
    changes: [["  setPending(r, free, d)\n  add(free, d)", "  setPending(r, free, d)\n  say('add', free)"]],
  },
  {
    name: "forget the other events of a shared receipt",
    file: "src/ledger/lua/receipts.lua",
    changes: [
      ["  fps[#fps + 1] = fp\n  setCarriers(src, hash, table.concat(fps, ','))", "  setCarriers(src, hash, fp)"],
    ],
  },
  {
    name: "skip the gathered writes of a script",
    file: "src/ledger/lua/gathered.lua",
    changes: [["if last > 2 then redis.call(unpack(stored)) end", ""]],
  },
  {
    name: "wake a worker although the queue is paused",
    file: "src/ledger/lua/jobs.lua",
    changes: [["if not paused and not isMaxed then", "if not isMaxed then"]],
  },
  {
    name: "pull although there is no room",
    file: "src/ledger/lua/place.lua",
    changes: [["if not hasRoom and since < patience then", "if since < 0 then"]],
  },
  {
    name: "never pull while there is no room",
    file: "src/ledger/lua/place.lua",
    changes: [["if not hasRoom and since < patience then", "if not hasRoom then"]],
  },
  {
    name: "reserve no room for running pulls",
    file: "src/ledger/lua/place.lua",
    changes: [["local room = cap - waiting - reserved", "local room = cap - waiting"]],
  },
  {
    name: "let one source take all scarce room",
    file: "src/ledger/lua/place.lua",
    changes: [["if hasRoom and room < 4 * expected and isOthersTurn(src) then hasRoom = false end", ""]],
  },
  {
    name: "count an event as confirmed after one empty pull instead of two",
    file: "src/ledger/lua/quiet.lua",
    changes: [["elseif r.absent == '0' then", "elseif false then"]],
  },
  {
    name: "ignore a pull without an answer when an event stays away",
    file: "src/ledger/lua/quiet.lua",
    changes: [["elseif sent < clear then", "elseif false then"]],
  },
  {
    name: "ignore an earlier pull that still runs when an event stays away",
    file: "src/ledger/lua/quiet.lua",
    changes: [["if other ~= pull and sourceOf(other) == src then return 0 end", ""]],
  },
  {
    name: "forget the running pull of a killed process",
    file: "src/ledger/lua/records.lua",
    changes: [
      ["now - PULL_LIVES_MS)) do endPull(pull, true) end", "now - PULL_LIVES_MS)) do endPull(pull, false) end"],
    ],
  },
  {
    name: "trust short pulls of a vendor that holds events back",
    file: "src/ledger/lua/accept.lua",
    changes: [["  redis.call('SET', unfilledKey(src), '1', 'PX', LOST_KEPT_MS)\n", ""]],
  },
  {
    name: "drop handled events by a guessed retention",
    file: "src/core/source.ts",
    changes: [["return Math.max(retentionMs, longestRetentionMs);", "return retentionMs + longestRetentionMs * 0;"]],
  },
  {
    name: "discard an event's job without ending its record",
    file: "src/ledger/lua/discard.lua",
    changes: [["if state ~= 'pending' then\n  if job", "if true then\n  if job"]],
  },
  {
    name: "count a refused receipt as confirmed",
    file: "src/core/confirmer.ts",
    changes: [
      [
        'if (tried === 0) await inbox.settle(confirmation, "dead");',
        'if (tried === 0) await inbox.settle(confirmation, "confirmed");',
      ],
    ],
  },
  {
    name: "forget that a receipt was sent before",
    file: "src/ledger/lua/records.lua",
    changes: [["write(r, 'givenTwice', '1')", ""]],
  },
  {
    name: "count a refusal after an earlier call as success although the window may have closed",
    file: "src/ledger/lua/settle.lua",
    changes: [["now < r.openUntil and 'presumed' or 'unknown'", "'presumed'"]],
  },
  {
    name: "count a refusal as success although the receipt may have been replaced",
    file: "src/ledger/lua/settle.lua",
    changes: [["(outcome == 'confirmed' or r.extending ~= '1')", "true"]],
  },
  {
    name: "do not note that a receipt is about to be replaced",
    file: "src/ledger/lua/extending.lua",
    changes: [["write(r, 'extending', '1')", ""]],
  },
  {
    name: "trust handled events in data that went back",
    file: "src/ledger/lua/end-all-handled.lua",
    changes: [["if r.state == 'handled' then setConfirmed", "if r.state == 'confirmed' then setConfirmed"]],
  },
  {
    name: "drop an event that still comes back",
    file: "src/ledger/lua/sweep.lua",
    changes: [["elseif r.state == 'pending' and now > r.closedFrom + away then", "elseif r.state == 'pending' then"]],
  },
  {
    name: "drop list entries whose record still exists",
    file: "src/ledger/lua/sweep.lua",
    changes: [["if redis.call('EXISTS', eventKey(fp)) == 0 then", "if now - firstSeen > forgotten then"]],
  },
  {
    name: "accept data of another layout",
    file: "src/ledger/layout.ts",
    changes: [["return layout === null || layout === LAYOUT ? undefined :", "return layout !== null ? undefined :"]],
  },
  {
    name: "stop pulling while events are parked",
    file: "src/core/poller.ts",
    changes: [
      [
        "const isFull = deliveries.length >= max;",
        'if (acceptances.some(({ verdict }) => verdict === "park")) this.#stop.abort();\n    const isFull = deliveries.length >= max;',
      ],
    ],
  },
  {
    name: "count an unanswered confirmation as success",
    file: "src/core/confirmer.ts",
    changes: [
      [
        'if (kind === "outage") for (const entry of batch) entry.tried += 1;',
        'if (kind === "outage") return await this.#answered(batch, new Set());',
      ],
    ],
  },
  {
    name: "answer a callback before it is stored",
    file: "src/http/callbacks/endpoints.ts",
    changes: [
      [
        "const verdicts = await Promise.all(events.map((event) => inbox.push(event, memoryMs, signal)));",
        'const verdicts = events.map((event) => (void inbox.push(event, memoryMs, signal), "add" as const));',
      ],
    ],
  },
  {
    name: "count a lost lock as a crash",
    file: "src/queue/lost-locks.ts",
    changes: [["      await crashes.excuse(job.start, job.lock);", "      await Promise.resolve(crashes);"]],
  },
  {
    name: "count the crashes of earlier attempts too",
    file: "src/ledger/lua/crashes.lua",
    changes: [["elseif counted ~= attempts then excused, alone = stalls, '' end", "end"]],
  },
  {
    name: "run a suspected event beside others",
    file: "src/core/isolation.ts",
    changes: [
      ["      await this.#othersEnded(stopping);", "      if (stopping.aborted) await this.#othersEnded(stopping);"],
    ],
  },
  {
    name: "start other events beside an isolated one",
    file: "src/core/isolation.ts",
    changes: [["    if (this.#isTaken) return RETURNED;", "    if (this.#isTaken && suspicion) return RETURNED;"]],
  },
  {
    name: "store a step's result before its effect",
    file: "src/core/steps.ts",
    changes: [
      [
        "      result = jsonOf(ref.name, await run(",
        '      if (!isLost) await store.store(ref, "");\n      result = jsonOf(ref.name, await run(',
      ],
    ],
  },
  {
    name: "accept a late step result from a process that was frozen",
    file: "src/ledger/lua/keep-step.lua",
    changes: [
      [
        "if owner ~= token then return 'refused' end",
        "if what ~= 'store' and owner ~= token then return 'refused' end",
      ],
    ],
  },
  {
    name: "take over a step whose process is alive",
    file: "src/ledger/lua/claim-step.lua",
    changes: [["owner ~= token and silent < lives", "owner ~= token and silent < 0"]],
  },
  {
    name: "begin a step of an event that is handled",
    file: "src/ledger/lua/claim-step.lua",
    changes: [["if not open then return", "if not open and not hasJob then return"]],
  },
  {
    name: "keep a step's result of an event that is handled",
    file: "src/ledger/lua/keep-step.lua",
    changes: [["elseif not isOpen(fp, id) then", "elseif what == '' then"]],
  },
  {
    name: "drop the steps of a parked event",
    file: "src/ledger/lua/sweep-steps.lua",
    changes: [
      ["not redis.call('ZSCORE', queueKey('completed'), id)", "not redis.call('ZSCORE', queueKey('failed'), id)"],
    ],
  },
  {
    name: "keep the place of an event that has ended",
    file: "src/ledger/lua/gate.lua",
    changes: [
      [
        "  redis.call('ZREM', gatePlacesKey(g.name), id)\n  redis.call('ZREM', gateRestsKey",
        "  redis.call('ZREM', gateRestsKey",
      ],
    ],
  },
  {
    name: "let more events run than the limit",
    file: "src/ledger/lua/gate.lua",
    changes: [["redis.call('ZCARD', gatePlacesKey(g.name)) >= g.concurrency", "false"]],
  },
  {
    name: "start an event before an earlier one of its key",
    file: "src/ledger/lua/gate.lua",
    changes: [["return e.key == '' or redis.call('ZRANGE', gateLineKey(e.line), 0, 0)[1] == id", "return true"]],
  },
  {
    name: "let later events of a key overtake a retry",
    file: "src/core/pass-gate.ts",
    changes: [
      ['const keepsTurn = kind === "retry" ||', "const keepsTurn ="],
      ['(kind === "parked" && afterParked === "holds");', 'kind === "parked" && afterParked === "holds";'],
    ],
  },
  {
    name: "do not free the places of lost events",
    file: "src/ledger/lua/gate-look.lua",
    changes: [["lookAtPlaces(RUNS, tonumber(ARGV[5]))", ""]],
  },
  {
    name: "start more events per second than the rate",
    file: "src/ledger/lua/gate.lua",
    changes: [["if wait > 0 then", "if wait > 1000 then"]],
  },
  {
    name: "confirm a whole batch although some of its events failed",
    file: "src/core/batch.ts",
    changes: [["failure ?? (wrong.has(id) ? failureOf(wrong.get(id)) : undefined)", "failure"]],
  },
  {
    name: "forget the events of a batch whose process died",
    file: "src/ledger/lua/batch.lua",
    changes: [
      [
        "  setDown(g, id, true)\n  local members = isAlone and {} or takeAlong(g, id)",
        "  local members = isAlone and {} or takeAlong(g, id)",
      ],
    ],
  },
  {
    name: "put an event that starts by itself into a batch",
    file: "src/ledger/lua/batch.lua",
    changes: [
      [
        "local own = e and redis.call('ZSCORE', queueKey('delayed'), id) and mostWith(g, id)",
        "local own = e and mostWith(g, id)",
      ],
    ],
  },
  {
    name: "write no history when an event is over",
    file: "src/ledger/lua/life.lua",
    changes: [["    redis.call('RPUSH', key, table.concat(past, '\\n', from, to))\n", ""]],
  },
  {
    name: "let the history grow without limit",
    file: "src/ledger/lua/trim-past.lua",
    changes: [["if count - (chunk + 1) * CHUNK_LINES >= most then return true end", ""]],
  },
];
