//! The questions that tell what became of an order: the lists of orders and requests, and whose key this is.
//!
//! Every answer comes with the server's time, by which a person can tell whether a row is older than the order. Only
//! documented filters are sent: what a server does with another is not known, so that a list could be empty for no
//! reason.

use super::pagination::{MAX_READING_TIME, Paginator, Paging};
use super::{Client, page_query};
use crate::certcentral::decode;
use crate::domain::{
    ApiError, CurrentUser, DecodeError, HasId, ListGap, Listing, OrderRow, Page, RequestRow, ServerDated,
};
use tokio::time::Instant;

/// Which orders are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFilter<'a> {
    /// `filters[product_name_id]`.
    pub product: &'a str,
    /// `filters[organization_id]`.
    pub organization: Option<u64>,
}

/// Which requests are listed. No filter for a product, an organization or an order is documented: these are told
/// apart by what the rows say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestFilter<'a> {
    /// `filters[type]`, such as `new_request`.
    pub kind: Option<&'a str>,
    /// `filters[status]`, such as `pending`.
    pub status: Option<&'a str>,
}

const ORDERS_PATH: &[&str] = &["order", "certificate"];
const REQUESTS_PATH: &[&str] = &["request"];

type QueryParams = Vec<(&'static str, String)>;

impl OrderFilter<'_> {
    fn query_params(&self) -> QueryParams {
        let organization = self.organization.map(|id| ("filters[organization_id]", id.to_string()));
        let product = ("filters[product_name_id]", self.product.to_owned());
        std::iter::once(product).chain(organization).chain([("sort", "-date_created".to_owned())]).collect()
    }
}

impl RequestFilter<'_> {
    fn query_params(&self) -> QueryParams {
        let both = [("filters[type]", self.kind), ("filters[status]", self.status)];
        both.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned()))).collect()
    }
}

impl Client {
    /// A page of orders, the newest first (`GET /order/certificate`, certcentral-api.md 4.9 and 4.1). At most 1000 in
    /// one page. Whether a role is shown the orders of others is not documented.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_orders(
        &self,
        filter: OrderFilter<'_>,
        limit: u64,
        offset: u64,
    ) -> Result<ServerDated<Page<OrderRow>>, ApiError> {
        let query = [filter.query_params(), page_query(limit, offset).into()].concat();
        self.fetch_page(ORDERS_PATH, &query, decode::parse_orders).await
    }

    /// A page of approval requests (`GET /request`, certcentral-api.md 4.11 and 4.1), in the server's order: by what
    /// they can be sorted is not documented. At most 1000 in one page.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_requests(
        &self,
        filter: RequestFilter<'_>,
        limit: u64,
        offset: u64,
    ) -> Result<ServerDated<Page<RequestRow>>, ApiError> {
        let query = [filter.query_params(), page_query(limit, offset).into()].concat();
        self.fetch_page(REQUESTS_PATH, &query, decode::parse_requests).await
    }

    /// All orders, page by page to the end.
    pub async fn fetch_all_orders(&self, filter: OrderFilter<'_>, paging: Paging) -> Listing<OrderRow> {
        self.fetch_all_pages(ORDERS_PATH, &filter.query_params(), paging, decode::parse_orders).await
    }

    /// All requests, page by page to the end.
    pub async fn fetch_all_requests(&self, filter: RequestFilter<'_>, paging: Paging) -> Listing<RequestRow> {
        self.fetch_all_pages(REQUESTS_PATH, &filter.query_params(), paging, decode::parse_requests).await
    }

    /// All requests of a type. That none is listed counts only where the first page of the list without that filter
    /// shows none of them either: what a server does with a filter that it does not know is not documented.
    pub async fn fetch_requests_of_type(&self, kind: &str, is_of: impl Fn(&RequestRow) -> bool) -> Listing<RequestRow> {
        let filter = RequestFilter { kind: Some(kind), status: None };
        let listed = self.fetch_all_requests(filter, Paging::longest()).await;
        if !(listed.is_complete() && listed.rows.is_empty()) {
            return listed;
        }
        match self.fetch_requests(RequestFilter::default(), Paging::default().size, 0).await {
            // The filter is not understood: the whole list is read in its place.
            Ok(page) if page.value.rows.iter().any(is_of) => {
                self.fetch_all_requests(RequestFilter::default(), Paging::longest()).await
            }
            Ok(ServerDated { value: told, .. }) => {
                let nameless = (told.rows.len() as u64) < told.received;
                let gap = told.flaw.map(ListGap::Flawed).or(nameless.then_some(ListGap::UnreadableRow));
                Listing { gap, ..listed }
            }
            Err(failure) => Listing { gap: Some(ListGap::Failed(failure)), ..listed },
        }
    }

    /// The orders that were sent with this `alternative_order_id` (`GET /order/alternate/{value}`, certcentral-api.md
    /// 4.9 and 2.5; documented for sibling products). Their rows have an id and a status. How an unknown value is
    /// answered is not documented: expect an empty list as well as 404. A value of anything but ASCII letters, digits,
    /// `-` and `_` is not sent.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_orders_by_alternative_id(&self, value: &str) -> Result<ServerDated<Page<OrderRow>>, ApiError> {
        self.fetch_page(&["order", "alternate", value], &[], decode::parse_alternative_orders).await
    }

    /// The details of an order as a row, for who ordered it and when: lists do not tell the user (certcentral-api.md
    /// 4.9).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_order_row(&self, id: u64) -> Result<ServerDated<OrderRow>, ApiError> {
        self.fetch_dated(&["order", "certificate", &id.to_string()], &[], decode::parse_order_row).await
    }

    /// The details of an approval request as a row, for the order that it is about (`GET /request/{id}`,
    /// certcentral-api.md 4.11: that it has an `order` is documented, its members were seen in clients' code only).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_request_row(&self, id: u64) -> Result<RequestRow, ApiError> {
        self.fetch_value(&["request", &id.to_string()], &[], decode::parse_request_row).await
    }

    /// The user behind the key (`GET /user/me`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn fetch_current_user(&self) -> Result<ServerDated<CurrentUser>, ApiError> {
        self.fetch_dated(&["user", "me"], &[], decode::parse_current_user).await
    }

    /// Asks for pages until there is nothing more to ask for.
    async fn fetch_all_pages<T: HasId>(
        &self,
        path: &[&str],
        query: &[(&'static str, String)],
        paging: Paging,
        read: fn(&[u8]) -> Result<Page<T>, DecodeError>,
    ) -> Listing<T> {
        let mut pages = Paginator::new(paging);
        let until = Instant::now() + MAX_READING_TIME;
        while let Some(offset) = pages.next_offset() {
            let query = [query, &page_query(paging.size, offset)].concat();
            pages.add_page(self.fetch_page(path, &query, read).await);
            if Instant::now() >= until {
                pages.stop_early();
            }
        }
        pages.into_listing()
    }
}
