//! Queries that show what became of an order: the lists of orders and requests, and the user behind the key.
//!
//! Every list comes with the server's time, which shows whether a row is older than the order. Only documented
//! filters are sent: with another filter, a list could be empty for an unknown reason.

use super::pagination::{Paging, read_all_pages};
use super::{Client, page_query};
use crate::certcentral::decode;
use crate::domain::{
    ApiError, CurrentUser, DecodeError, HasId, ListGap, Listing, OrderRow, Page, RequestRow, ServerDated,
};

/// The filter of an order list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderFilter<'a> {
    /// `filters[product_name_id]`.
    pub product: &'a str,
    /// `filters[organization_id]`.
    pub organization: Option<u64>,
}

/// The filter of a request list. No filter for a product, an organization or an order is documented; the rows
/// themselves show these.
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
    /// Fetches a page of orders, newest first (`GET /order/certificate`, certcentral-api.md 4.9 and 4.1). A page has
    /// at most 1000 rows. Whether a role can see the orders of others is not documented.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_orders(
        &self,
        filter: OrderFilter<'_>,
        limit: u64,
        offset: u64,
    ) -> Result<ServerDated<Page<OrderRow>>, ApiError> {
        let query = [filter.query_params(), page_query(limit, offset).into()].concat();
        self.fetch_page(ORDERS_PATH, &query, decode::parse_orders).await
    }

    /// Fetches a page of approval requests (`GET /request`, certcentral-api.md 4.11 and 4.1), in the server's order,
    /// because no sorting is documented. A page has at most 1000 rows.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_requests(
        &self,
        filter: RequestFilter<'_>,
        limit: u64,
        offset: u64,
    ) -> Result<ServerDated<Page<RequestRow>>, ApiError> {
        let query = [filter.query_params(), page_query(limit, offset).into()].concat();
        self.fetch_page(REQUESTS_PATH, &query, decode::parse_requests).await
    }

    /// Fetches all orders, page by page.
    pub async fn fetch_all_orders(&self, filter: OrderFilter<'_>, paging: Paging) -> Listing<OrderRow> {
        self.fetch_all_pages(ORDERS_PATH, &filter.query_params(), paging, decode::parse_orders).await
    }

    /// Fetches all requests, page by page.
    pub async fn fetch_all_requests(&self, filter: RequestFilter<'_>, paging: Paging) -> Listing<RequestRow> {
        self.fetch_all_pages(REQUESTS_PATH, &filter.query_params(), paging, decode::parse_requests).await
    }

    /// Fetches all requests of a type. An empty result counts only if the first page of the unfiltered list has no
    /// such request either: it is not documented what a server does with a filter that it does not support.
    pub async fn fetch_requests_of_type(&self, kind: &str, is_of: impl Fn(&RequestRow) -> bool) -> Listing<RequestRow> {
        let filter = RequestFilter { kind: Some(kind), status: None };
        let listed = self.fetch_all_requests(filter, Paging::longest()).await;
        if !(listed.is_complete() && listed.rows.is_empty()) {
            return listed;
        }
        match self.fetch_requests(RequestFilter::default(), Paging::default().size, 0).await {
            // The server does not support the filter, so the whole list is read instead.
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

    /// Fetches the orders with this `alternative_order_id` (`GET /order/alternate/{value}`, certcentral-api.md 4.9
    /// and 2.5; documented for sibling products). Their rows have an id and a status. The answer for an unknown value
    /// is not documented: it may be an empty list or a 404. A value with other characters than ASCII letters, digits,
    /// `-` and `_` is not sent.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_orders_by_alternative_id(&self, value: &str) -> Result<ServerDated<Page<OrderRow>>, ApiError> {
        self.fetch_page(&["order", "alternate", value], &[], decode::parse_alternative_orders).await
    }

    /// Fetches an order (`GET /order/certificate/{id}`, certcentral-api.md 4.9). Unlike a list, the answer has the user
    /// and the time of the order.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_order(&self, id: u64) -> Result<OrderRow, ApiError> {
        self.fetch_value(&["order", "certificate", &id.to_string()], &[], decode::parse_order).await
    }

    /// Fetches an approval request (`GET /request/{id}`, certcentral-api.md 4.11: the member `order` is documented, its
    /// members were seen in clients' code only).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_request(&self, id: u64) -> Result<RequestRow, ApiError> {
        self.fetch_value(&["request", &id.to_string()], &[], decode::parse_request).await
    }

    /// Fetches the user behind the key (`GET /user/me`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_current_user(&self) -> Result<ServerDated<CurrentUser>, ApiError> {
        self.fetch_dated(&["user", "me"], &[], decode::parse_current_user).await
    }

    /// Fetches pages until the list or its limits end.
    async fn fetch_all_pages<T: HasId>(
        &self,
        path: &[&str],
        query: &[(&'static str, String)],
        paging: Paging,
        read: fn(&[u8]) -> Result<Page<T>, DecodeError>,
    ) -> Listing<T> {
        let fetch =
            async |offset| self.fetch_page(path, &[query, &page_query(paging.size, offset)].concat(), read).await;
        read_all_pages(paging.max_pages, fetch).await
    }
}
