// SPDX-License-Identifier: Apache-2.0
// The lease, fence and generation protocol of delivery targets, as hub/sync and hub/store do it.
//
// One target with one record of one slot, written by the lanes of two hub nodes that share a store. Anything may be
// slow: a lane that is not scheduled is a lane that was stopped. Whatever was found here is fixed there, and what stands
// there is named here:
//
//   claim, plan, start  target_rows.cpp (TargetRows::claim), planned.cpp (Planner), consent/shadow.cpp (withWrite)
//   send                dispatcher_start.cpp (Dispatcher::tryStart: nothing starts after send_before)
//   settle, release     deliver.cpp (Deliverer::settle, take, release)
//   look, observe       read_back.cpp, observe.cpp (isUsable), consent/observe.cpp (passOurWrite), verification.cpp
//   raise               unit.cpp (Unit::raiseTarget)
//
// Checked (tests/model/check.sh runs all of it):
//   at every send      the writer still holds the lease under its own fence, and no write of a lower generation starts
//                      after one of a higher generation
//   at every result    what is noted as acknowledged, refused or not sent is the write that the result belongs to
//   at every sighting  our own write never becomes a person's withdrawal
//   at every commit    (PERSON) a permit never covers an opt-out that the hub has not seen
//   LTL settles        once changes and faults end, the system holds what is wanted or is parked with a reason, nothing
//                      is due, and no write is under way: for ever
//
// Assumptions, each of which somebody else must keep:
//   A1  The store commits units one after the other, durably; a read inside a unit sees the last commit.   (hub/store)
//   A2  Clocks that compare leases differ by less than send_margin; the monotonic clock runs while a process is stopped.
//   A3  Between the last look at the clock and the kernel taking the request, no process is stopped for longer than
//       send_margin.                                                             (the drift sweep finds what breaks this)
//   A4  A request is committed or lost within commit_delay of its start.     (connectors declare it; the simulators keep it)
//   A5  A read shows what was committed (settle time 0 here), and every commit raises the record's version.
//   A6  Faults and stops are finite; a lane that can step does so in the end.       (weak fairness; only for "settles")
//   A7  A record keeps its subject. Links and merges raise the generations of both sides and are not modelled.
//   A8  PERSON: permits are conditional on the version read (systems without are declared `lost_update: possible`).
//
// Broken on purpose, each must be found: NO_FENCE, NO_RESULT_FENCE, NO_GENERATION, NO_SEND_BEFORE, NO_LATE_LOOK,
// PLAN_TIME, NO_EARLIER, NO_FRESHNESS, NO_CONDITION (with PERSON).

#ifndef CHANGES
#define CHANGES 3 /* choices said to the hub */
#endif
#ifndef FAULTS
#define FAULTS 2 /* crashes, lost requests, lost replies, refusals */
#endif
#ifndef STOPS
#define STOPS 1 /* stops of a lane while it has something to send or to settle, each of any length */
#endif

#define NODES 2
#define MAIL 3 /* requests under way at most */
#define LEASE 3
#define MARGIN 1
#define DELAY 3 /* commit_delay, in ticks */

/* Values of the slot, and of wishes. */
#define NONE 0
#define DENY 1
#define PERMIT 2

/* When the target is due. */
#define NEVER 0
#define NOW 1
#define AT_LEASE_END 2

/* Outcomes of a write. */
#define WAITING 0
#define APPLIED 1
#define REFUSED 2
#define CONFLICT 3
#define UNKNOWN 4
#define UNSENT 5

/* The vendor. */
byte value = NONE, version = 1;
byte mailValue[MAIL], mailLeft[MAIL], mailOwner[MAIL], mailExpects[MAIL];
bool saidNo = false; /* a person opted out there, and the hub does not know yet */

/* The store: what is wanted, the target, its row of the record, the record's slot. */
byte wish = NONE, generation = 0, due = NEVER, lease = 0;
byte sentGeneration = 0, loosenedGeneration = 0;
bool outcomeUnknown = false, wasConflict = false, parked = false;
byte look = 0, retry = 0, held = 0; /* 0: none, else ticks to go + 1 */
bool underWay = false;
byte underWayLeft = 0;
byte seen = NONE, seenVersion = 1, sent = NONE, sentBy = 0, earlier = NONE;
bool sentFinished = false;
byte startLeft = 0;   /* until what `sent` says must be committed or lost */
byte earlierLeft = 0; /* the same of `earlier` */

/* The lanes. `holds` is "the fence in the store is the one I got". */
bool holds[NODES], isPlanned[NODES], isStopped[NODES];
/* Of what this lane, or the reading lane, asked: no write of ours began or ended since; and when it was asked, `sent`,
   or `earlier`, might still have been committed later. */
bool clean[NODES + 1], sentOpen[NODES + 1], earlierOpen[NODES + 1];
byte sendLeft[NODES], reply[NODES];

/* Counted for the checks. */
byte changes = CHANGES, faults = FAULTS, stops = STOPS;
bool wasOrphanDeny = false; /* a deny of ours was given up before its end was known */
byte started = 0;          /* the highest generation of which a write was started */
bool wasRefused = false;   /* the vendor refused a write of the generation that is parked */

#define isFull (mailValue[0] != NONE && mailValue[1] != NONE && mailValue[2] != NONE)
#define isEmpty (mailValue[0] == NONE && mailValue[1] == NONE && mailValue[2] == NONE)
#define isLost (sent == DENY && !sentFinished && !underWay)
#define needs (wish != NONE && ((sent != NONE && !isLost && sent != wish) || ((sent == NONE || isLost) && seen != wish)))
#define isClaimable (due != NEVER && lease == 0)
#define isLookDue (look == 1)
#define isRetryDue (retry == 1)
#define isWaiting (due != NEVER || held != 0 || look != 0 || retry != 0 || parked)

inline dirty() {
    clean[0] = false;
    clean[1] = false;
    clean[NODES] = false
}

inline ask(me) {
    x = value;
    xVersion = version;
    clean[me] = true;
    sentOpen[me] = (startLeft > 0);
    earlierOpen[me] = (earlierLeft > 0)
}

/* Unit::raiseTarget */
inline raise() {
    generation++;
    if
    :: needs -> due = NOW
    :: else -> due = NEVER
    fi;
    held = 0
}

/* TargetRows::claim and Planner::add, one unit. */
inline claim(me) {
    atomic {
        isClaimable ->
        lease = LEASE;
        holds[0] = false;
        holds[1] = false;
        holds[me] = true;
        myGeneration = generation;
        mine = NONE;
        sendLeft[me] = LEASE - MARGIN;
        underWay = false; /* its lane's lease is over */
        if
        :: sentGeneration >= generation && retry > 1 -> due = NEVER
        :: !(sentGeneration >= generation && retry > 1) && needs && wish == PERMIT && sent != NONE ->
            due = NEVER; /* one write of ours at a time: held until it was read back */
            held = 2
        :: !(sentGeneration >= generation && retry > 1) && needs && wish == PERMIT && sent == NONE &&
           loosenedGeneration >= generation -> due = NEVER
        :: !(sentGeneration >= generation && retry > 1) && needs &&
           (wish == DENY || (sent == NONE && loosenedGeneration < generation)) ->
            start(me)
        :: !(sentGeneration >= generation && retry > 1) && !needs ->
            if
            :: sent == NONE && sentGeneration > 0 ->
                sentGeneration = generation;
                parked = false;
                retry = 0
            :: else
            fi;
            due = NEVER
        fi;
        if
        :: mine == NONE ->
            lease = 0;
            holds[me] = false;
            sendLeft[me] = 0
        :: else
        fi
    }
}

/* What `sent` says may still be committed late; a permit among such writes is the one to know. */
inline joinEarlier() {
#ifdef NO_EARLIER
    skip
#else
    if
    :: earlier == PERMIT
    :: else -> earlier = sent
    fi;
#ifdef PLAN_TIME
    earlierLeft = startLeft
#else
    earlierLeft = DELAY
#endif
#endif
}

/* Planner::start and withWrite */
inline start(me) {
    mine = wish;
    expects = 0;
    if
    :: wish == PERMIT ->
        loosenedGeneration = generation;
        expects = seenVersion
    :: else
    fi;
    if
#ifdef NO_EARLIER_TRY
    :: sent != NONE && sent != wish ->
#else
    :: sent != NONE && (sent != wish || !sentFinished) ->
#endif
        joinEarlier(); /* its lease is over: it started before now */
        wasOrphanDeny = wasOrphanDeny || (sent == DENY && !sentFinished)
    :: else
    fi;
    sent = wish;
    sentBy = me;
    sentFinished = false;
#ifdef PLAN_TIME
    startLeft = DELAY;
#else
    startLeft = LEASE + DELAY;
#endif
    underWay = true;
    underWayLeft = LEASE;
    dirty();
    sentGeneration = generation;
    outcomeUnknown = true;
    wasConflict = false;
    parked = false;
    retry = 0;
    look = LEASE + 2;
    due = AT_LEASE_END;
    isPlanned[me] = true
}

/* Dispatcher::tryStart and putOnWire */
inline send(me) {
    atomic {
        if
#ifdef NO_SEND_BEFORE
        :: !isFull ->
#else
        :: sendLeft[me] > 0 && !isFull ->
            assert(holds[me] && lease > 0);
#endif
            assert(myGeneration >= started);
            started = myGeneration;
            if
            :: mailValue[0] == NONE -> at = 0
            :: mailValue[0] != NONE && mailValue[1] == NONE -> at = 1
            :: else -> at = 2
            fi;
            mailValue[at] = mine;
            mailLeft[at] = DELAY - 1;
            mailOwner[at] = me;
            mailExpects[at] = expects;
            reply[me] = WAITING
#ifndef NO_SEND_BEFORE
        :: sendLeft[me] == 0 -> reply[me] = UNSENT
#endif
        fi;
        isPlanned[me] = false;
        isStopped[me] = false;
        at = 0
    }
}

inline forgetSent() {
    sent = NONE;
    sentFinished = false
}

#ifdef NO_GENERATION
#define isSameGeneration true
#else
#define isSameGeneration (sentGeneration == myGeneration)
#endif
#if defined(NO_FENCE) || defined(NO_RESULT_FENCE)
#define isMine(me) isSameGeneration
#else
#define isMine(me) (isSameGeneration && holds[me])
#endif

/* Deliverer::settle, take and release, one unit. */
inline settle(me) {
    atomic {
        if
        :: isMine(me) ->
            /* What is noted now is noted of the write in the store: it must be this lane's. */
            assert(sent == NONE || (sent == mine && sentBy == me && sentGeneration == myGeneration));
            underWay = false;
            dirty();
            look = 2;
            outcomeUnknown = false;
#ifndef PLAN_TIME
            startLeft = DELAY;
#endif
            if
            :: reply[me] == APPLIED -> sentFinished = (sent != NONE)
            :: reply[me] == CONFLICT ->
                forgetSent();
                loosenedGeneration = 0;
                wasConflict = true
            :: reply[me] == REFUSED ->
                forgetSent();
                loosenedGeneration = 0;
                parked = true;
                wasRefused = true;
                look = 0
            :: reply[me] == UNSENT ->
                forgetSent();
                loosenedGeneration = 0;
                look = 0;
                retry = 2
            :: reply[me] == UNKNOWN ->
                outcomeUnknown = true;
                if
                :: mine == DENY -> retry = 1
                :: else
                fi
            fi
        :: else
        fi;
        release(me);
        forgetWork(me)
    }
}

inline release(me) {
    if
#ifdef NO_FENCE
    :: true ->
#else
    :: holds[me] ->
#endif
        if
#ifdef NO_GENERATION
        :: true -> due = NEVER
#else
        :: generation == myGeneration && due == AT_LEASE_END -> due = NEVER
        :: else
#endif
        fi;
        lease = 0;
        holds[0] = false;
        holds[1] = false
    :: else
    fi
}

inline forgetWork(me) {
    reply[me] = WAITING;
    isPlanned[me] = false;
    isStopped[me] = false;
    sendLeft[me] = 0;
    mine = NONE;
    expects = 0;
    myGeneration = 0
}

inline forgetRead(me) {
    clean[me] = false;
    sentOpen[me] = false;
    earlierOpen[me] = false;
    x = NONE;
    xVersion = 0
}

/* Observer::isUsable, the table, checkWrites; one unit. `x`, `xVersion`: what the read showed. */
inline observe(me, isReadBack) {
    atomic {
        if
        :: underWay && underWayLeft == 0 -> underWay = false
        :: else
        fi;
        if
#ifndef NO_FRESHNESS
        :: underWay || !clean[me] || xVersion < seenVersion ->
            if
            :: isReadBack && look == 1 -> look = 2
            :: else
            fi
        :: else ->
#else
        :: true ->
#endif
            applyTable(me, isReadBack)
        fi;
        forgetRead(me)
    }
}

/* A bound of time is over if it was over when the read was asked for. */
#ifdef NO_ASKED_TIME
#define isSentOpen(me) (startLeft > 0)
#define isEarlierOpen(me) (earlierLeft > 0)
#else
#define isSentOpen(me) sentOpen[me]
#define isEarlierOpen(me) earlierOpen[me]
#endif

#define isOwnLateWrite (wish == DENY && wasEarlier == PERMIT && x == PERMIT && x != prior)

/* withoutSettled: once a read that was asked for after its bound had been judged */
inline forgetEarlier(me) {
    if
    :: !isEarlierOpen(me) -> earlier = NONE
    :: else
    fi
}

inline applyTable(me, isReadBack) {
    wasSent = (sent != NONE);
    wasVerified = false;
    isUnchanged = false;
    prior = seen;
    wasEarlier = earlier;
#ifdef NO_LAST_LOOK
    forgetEarlier(me);
    wasEarlier = earlier;
#endif
    /* passOurWrite */
    if
    :: !wasSent
    :: wasSent && x == sent ->
        wasVerified = true;
        prior = x;
        forgetSent()
    :: wasSent && x != sent && x == seen && xVersion <= seenVersion -> isUnchanged = true
    :: wasSent && x != sent && !(x == seen && xVersion <= seenVersion) ->
        prior = sent;
        if
        :: !sentFinished ->
            joinEarlier();
            wasOrphanDeny = wasOrphanDeny || (sent == DENY);
            earlierOpen[0] = clean[0];
            earlierOpen[1] = clean[1];
            earlierOpen[NODES] = clean[NODES]
        :: else
        fi;
        forgetSent()
    fi;
    if
    :: isUnchanged
    :: !isUnchanged ->
        changed = (x != seen);
        if
        :: isOwnLateWrite /* no event */
        :: !isOwnLateWrite && x == DENY && prior != DENY ->
            /* A withdrawal. A late deny of ours may pass for one (that errs on the safe side), and while deny is
               wanted one more changes nothing. */
            assert(saidNo || wasOrphanDeny || wish == DENY);
            changed = true;
            mustRaise = (wish != DENY);
            wish = DENY
        :: else ->
            /* Nobody permits anything there in this model: a permit is ours. */
            assert(!(x == PERMIT && prior != PERMIT && wish == DENY))
        fi;
        if
        :: x == DENY -> saidNo = false
        :: else
        fi;
        seen = x;
        seenVersion = xVersion
    fi;
#ifndef NO_LAST_LOOK
    forgetEarlier(me);
#endif
    /* checkWrites */
    if
    :: wasSent && isUnchanged && isReadBack ->
        if
        :: outcomeUnknown && isSentOpen(me) -> look = 2
        :: else ->
            look = 0;
            if
            :: sent == PERMIT -> parked = true /* "the system did not keep the permit" */
            :: else ->
                retry = 2;
                wasOrphanDeny = true
            fi;
            forgetSent()
        fi
    :: wasSent && isUnchanged && !isReadBack
    :: !isUnchanged && (wasSent || isReadBack) ->
        mayCome = (outcomeUnknown && isSentOpen(me)) || (earlier != NONE && isEarlierOpen(me));
        look = 0;
        if
#ifndef NO_LATE_LOOK
        :: mayCome ->
            look = 1 + (outcomeUnknown -> startLeft : 0);
            if
            :: earlier != NONE && earlierLeft >= look -> look = earlierLeft + 1
            :: else
            fi
#endif
        :: else
        fi;
        if
        :: wasVerified ->
            parked = false;
            retry = 0;
            if
            :: look == 0 -> outcomeUnknown = false
            :: else
            fi
        :: !wasVerified ->
            if
            :: outcomeUnknown && !wasSent && look == 0 -> outcomeUnknown = false
            :: else
            fi;
            if
            :: wasConflict || wasSent ->
                wasConflict = false;
                mustRaise = true
            :: else
            fi
        fi
    :: else
    fi;
    if
    :: !isUnchanged && wish == DENY && x != DENY && (changed || !isWaiting) -> mustRaise = true
    :: else
    fi;
    if
    :: mustRaise -> raise()
    :: else
    fi;
    mustRaise = false;
    prior = NONE;
    wasEarlier = NONE;
    mayCome = false;
    wasSent = false;
    wasVerified = false;
    isUnchanged = false;
    changed = false
}

inline disown(me) {
    if
    :: mailOwner[0] == me -> mailOwner[0] = NODES
    :: else
    fi;
    if
    :: mailOwner[1] == me -> mailOwner[1] = NODES
    :: else
    fi;
    if
    :: mailOwner[2] == me -> mailOwner[2] = NODES
    :: else
    fi
}

inline crash(me) {
    faults--;
    disown(me);
    forgetRead(me);
    forgetWork(me)
}

/* WriteLane::work: deliver, then verify. A crash may come between any two commits. */
proctype Lane(byte me) {
    byte myGeneration, mine, expects, at;
    byte x, xVersion, prior, wasEarlier;
    bool wasSent, wasVerified, isUnchanged, mayCome, changed, mustRaise;
step:
    do
    :: isClaimable || isLookDue || isRetryDue ->
        if
        :: claim(me);
            if
            :: mine == NONE
            :: mine != NONE ->
                if
                :: send(me)
                :: atomic { faults > 0 -> crash(me); goto step }
                fi;
                if
                :: reply[me] != WAITING
                :: atomic { faults > 0 && reply[me] == WAITING -> faults--; reply[me] = UNKNOWN; disown(me) }
                :: atomic { faults > 0 -> crash(me); goto step }
                fi;
                if
                :: settle(me)
                :: atomic { faults > 0 -> crash(me); goto step }
                fi
            fi
        :: else
        fi;
        if
        :: atomic { isLookDue -> ask(me) };
            if
            :: observe(me, true)
            :: atomic { faults > 0 -> crash(me); goto step }
            fi
        :: else
        fi;
        atomic {
            if
            :: isRetryDue ->
                retry = 0;
                due = NOW
            :: else
            fi
        }
    od
}

inline answer(i, outcome) {
    if
    :: mailOwner[i] < NODES -> reply[mailOwner[i]] = outcome
    :: else -> wasOrphanDeny = wasOrphanDeny || (outcome == APPLIED && mailValue[i] == DENY)
    fi;
    mailValue[i] = NONE;
    mailLeft[i] = 0;
    mailOwner[i] = NODES;
    mailExpects[i] = 0
}

inline commit(i) {
    atomic {
        mailValue[i] != NONE ->
        if
#if defined(PERSON) && !defined(NO_CONDITION)
        :: mailExpects[i] != 0 && mailExpects[i] != version -> answer(i, CONFLICT)
        :: mailExpects[i] == 0 || mailExpects[i] == version ->
#else
        :: true ->
#endif
            assert(!(saidNo && mailValue[i] == PERMIT));
            value = mailValue[i];
            version++;
            answer(i, APPLIED)
        fi
    }
}

proctype Vendor() {
    do
    :: commit(0)
    :: commit(1)
    :: commit(2)
    :: atomic { faults > 0 && mailValue[0] != NONE -> faults--; answer(0, UNKNOWN) } /* lost */
    :: atomic { faults > 0 && mailValue[1] != NONE -> faults--; answer(1, UNKNOWN) }
    :: atomic { faults > 0 && mailValue[0] != NONE -> faults--; answer(0, REFUSED) }
    :: atomic { faults > 0 && mailValue[1] != NONE -> faults--; answer(1, REFUSED) }
    od
}

/* Choices said to the hub itself, with proof. */
proctype People() {
    do
    :: atomic { changes > 0 && wish != PERMIT -> changes--; wish = PERMIT; raise() }
    :: atomic { changes > 0 && wish != DENY -> changes--; wish = DENY; raise() }
#ifdef PERSON
    :: atomic { changes > 0 && value != DENY -> changes--; value = DENY; version++; saidNo = true }
#endif
    od
}

#ifdef PERSON
/* The reading lane: what changed there is read. */
proctype Reader() {
    byte x, xVersion, prior, wasEarlier;
    bool wasSent, wasVerified, isUnchanged, mayCome, changed, mustRaise;
    do
    :: atomic { version != seenVersion && !(underWay && underWayLeft > 0) -> ask(NODES) };
        observe(NODES, false)
    od
}
#endif

inline less(t) {
    t = (t > 0 -> t - 1 : 0)
}

inline lessTimer(t) {
    t = (t > 1 -> t - 1 : t)
}

#define isBusy(i) (isPlanned[i] || reply[i] != WAITING)
#define mayStop(i) (!isBusy(i) || isStopped[i] || stops > 0)

inline stop(i) {
    if
    :: isBusy(i) && !isStopped[i] ->
        stops--;
        isStopped[i] = true
    :: else
    fi
}

#define mayWait(i) (mailValue[i] == NONE || mailLeft[i] > 0)
#define isAwaited (lease > 0 || underWayLeft > 0 || startLeft > 0 || earlierLeft > 0 || look > 1 || retry > 1 || held > 1 || !isEmpty)

/* Time passes while something waits for it; a request is committed or lost before its time is over (A4). */
proctype Time() {
    do
    :: atomic {
        isAwaited && mayWait(0) && mayWait(1) && mayWait(2) && mayStop(0) && mayStop(1) &&
        (!isBusy(0) || isStopped[0] || !isBusy(1) || isStopped[1] || stops > 1) ->
        stop(0);
        stop(1);
        if
        :: underWay && underWayLeft == 1 -> dirty()
        :: else
        fi;
        less(lease);
        less(underWayLeft);
        less(startLeft);
        less(earlierLeft);
        less(sendLeft[0]);
        less(sendLeft[1]);
        less(mailLeft[0]);
        less(mailLeft[1]);
        less(mailLeft[2]);
        lessTimer(look);
        lessTimer(retry);
        lessTimer(held);
        if
        :: held == 1 ->
            held = 0;
            due = NOW
        :: else
        fi
    }
    od
}

init {
    atomic {
        mailOwner[0] = NODES;
        mailOwner[1] = NODES;
        mailOwner[2] = NODES;
        run Lane(0);
        run Lane(1);
        run Vendor();
        run People();
#ifdef PERSON
        run Reader();
#endif
        run Time()
    }
}

#define holdsWish (wish == NONE || value == wish || (parked && (wasRefused || wish == PERMIT)))
#define isQuiet (due == NEVER && held == 0 && isEmpty && look == 0 && retry == 0)

ltl settles { <>[] (holdsWish && isQuiet) }
