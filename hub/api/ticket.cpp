// SPDX-License-Identifier: Apache-2.0
#include "hub/api/ticket.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "hub/consent/error.h"

namespace concordat::api {

Outbox::Outbox() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0)
        throw ConfigError("no descriptor is left for a server: raise the limit of open files");
}

Outbox::~Outbox() { ::close(descriptor_); }

void Outbox::put(std::uint64_t connection, Reply reply) {
    bool isFirst = false;
    {
        const std::lock_guard lock(mutex_);
        isFirst = finished_.empty();
        finished_.push_back({connection, std::move(reply)});
    }
    if (isFirst && std::this_thread::get_id() != owner_) wake();
}

void Outbox::wake() const {
    const std::uint64_t one = 1;
    (void)!::write(descriptor_, &one, sizeof one);
}

bool Outbox::hasSome() const {
    const std::lock_guard lock(mutex_);
    return !finished_.empty();
}

std::vector<Outbox::Finished> Outbox::take() {
    std::vector<Finished> all;
    const std::lock_guard lock(mutex_);
    all.swap(finished_);
    return all;
}

void Outbox::rest() const {
    std::uint64_t count = 0;
    (void)!::read(descriptor_, &count, sizeof count);
}

}  // namespace concordat::api
