#ifndef BIOTOPE_LAYERS_IOSCHED_REQUEST_QUEUES_H_
#define BIOTOPE_LAYERS_IOSCHED_REQUEST_QUEUES_H_

#include <boost/intrusive/list.hpp>

#include "layers/block/request.h"

namespace biotope {

// The requests of a class in the order in which they came (fifo_list of the schedulers).
using RequestFifo = boost::intrusive::list<
    Request,
    boost::intrusive::member_hook<Request, decltype(Request::fifo_hook), &Request::fifo_hook>,
    boost::intrusive::constant_time_size<false>>;

// Requests in the order in which the driver shall have them (q->queue_head of Linux 2.6.11).
using DispatchList =
    boost::intrusive::list<Request,
                           boost::intrusive::member_hook<Request, decltype(Request::dispatch_hook),
                                                         &Request::dispatch_hook>,
                           boost::intrusive::constant_time_size<false>>;

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_REQUEST_QUEUES_H_
